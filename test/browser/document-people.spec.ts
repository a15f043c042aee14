import type { Page } from '@playwright/test'
import { expect, look, test } from './event.ts'
import { createDocument, joinDocument, select, status, writing } from './document.ts'

/** Makes an account on this page. */
async function signUp(page: Page, url: string, name: string): Promise<void> {
  await page.goto(`${url}/account`)
  await page.getByRole('button', { name: 'I am new here' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill(name)
  await page.getByRole('textbox', { name: 'E-mail' }).fill('ann@example.org')
  await page.getByLabel('Password', { exact: true }).fill('a long enough secret')
  await page.getByRole('button', { name: 'Sign up' }).click()
  await expect(page.getByText('ann@example.org')).toBeVisible()
}

/** On a phone it is in the menu. */
async function openShare(page: Page, project: string): Promise<void> {
  if (project === 'phone') {
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Share' }).click()
  } else await page.getByRole('button', { name: 'Share' }).click()
}

test('a mention rings the bell of an account on whatever page it has open, and leads to the comment', async ({
  server,
  page,
  browser,
}, { project }) => {
  await signUp(page, server.url, 'Ann Ahl')
  const address = await createDocument(page, server.url, 'Minutes')
  await writing(page).click()
  await page.keyboard.type('The hall is booked.')
  const elsewhere = await page.context().newPage()
  await elsewhere.goto(`${server.url}/documents`)
  await elsewhere.getByRole('button', { name: 'Inbox', exact: true }).click()
  await expect(elsewhere.getByRole('dialog', { name: 'Inbox' })).toContainText('Nothing yet.')
  await look(elsewhere, 'inbox-empty', project.name)
  await elsewhere.keyboard.press('Escape')

  await using context = await browser.newContext()
  const guest = await context.newPage()
  await joinDocument(guest, address, 'Bob Berg')
  await expect(writing(guest)).toContainText('The hall is booked.')
  await select(guest, 'booked')
  await guest.getByRole('toolbar', { name: 'Selection' }).getByRole('button', { name: 'Comment' }).click()
  await guest.getByRole('textbox', { name: 'Comment', exact: true }).pressSequentially('Is it really, @A')
  await guest.getByRole('option', { name: 'Ann Ahl' }).dispatchEvent('pointerdown')
  await guest.getByRole('button', { name: 'Comment', exact: true }).last().click()
  await expect(guest.getByRole('article', { name: 'Comment by Bob Berg' })).toContainText('@Ann Ahl')

  await elsewhere.getByRole('button', { name: 'Inbox: 1 unread' }).click()
  const notice = elsewhere.getByRole('dialog', { name: 'Inbox' }).getByRole('button', { name: /Bob Berg/ })
  await expect(notice).toContainText('Bob Berg mentioned you in Minutes')
  await expect(notice).toContainText('Is it really, @Ann Ahl')
  await look(elsewhere, 'inbox', project.name)
  await notice.click()
  await expect(elsewhere).toHaveURL(/\/d\/[\w-]+#thread-/)
  await expect(elsewhere.getByRole('article', { name: 'Comment by Bob Berg' })).toContainText('Is it really')
  // Read here is read on the other page, too.
  await expect(page.getByRole('button', { name: 'Inbox', exact: true })).toBeVisible()
})

test('a person is let read, comment, write or not in at all, and each takes effect on the page that is open', async ({
  server,
  page,
  browser,
}, { project }) => {
  const address = await createDocument(page, server.url, 'Contract')
  await writing(page).click()
  await page.keyboard.type('We agree.')
  await using context = await browser.newContext()
  const guest = await context.newPage()
  await joinDocument(guest, address, 'Bob Berg')
  await expect(writing(guest)).toHaveText('We agree.')
  await openShare(page, project.name)
  const level = page.getByRole('dialog', { name: 'Share' }).getByLabel('Bob Berg')
  await expect(level).toHaveValue('role')

  await level.selectOption('view')
  await select(guest, 'agree')
  await expect(writing(guest)).toHaveAttribute('contenteditable', 'false')
  await expect(guest.getByRole('toolbar', { name: 'Selection' })).toHaveCount(0)

  await level.selectOption('comment')
  await select(guest, 'We')
  await expect(guest.getByRole('toolbar', { name: 'Selection' }).getByRole('button')).toHaveText(['Comment'])
  await expect(writing(guest)).toHaveAttribute('contenteditable', 'false')

  await level.selectOption('edit')
  await expect(writing(guest)).toHaveAttribute('contenteditable', 'true')
  await writing(guest).click()
  await guest.keyboard.press('Control+End')
  await guest.keyboard.type(' So do I.')
  await expect(status(guest)).toContainText('Saved')
  await expect(writing(page)).toContainText('We agree. So do I.')
  await look(page, 'document-share-person', project.name)

  await level.selectOption('none')
  const shut = guest.getByRole('heading', { name: 'This document is not open to you' })
  await expect(shut).toBeVisible()
  await look(guest, 'document-shut', project.name)
  await guest.reload()
  await expect(shut).toBeVisible()
  await level.selectOption('role')
  await guest.getByRole('button', { name: 'Try again' }).click()
  await expect(writing(guest)).toHaveText('We agree. So do I.')
  await expect(writing(guest)).toHaveAttribute('contenteditable', 'false')
})
