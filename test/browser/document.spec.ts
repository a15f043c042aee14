import { expect, look, test } from './event.ts'
import { createDocument, joinDocument, paragraphs, select, status, writing } from './document.ts'

test('a document is begun, written by keys and menus alone, and read by somebody else', async ({
  server,
  page,
  browser,
}, { project }) => {
  await page.goto(`${server.url}/documents`)
  await look(page, 'documents', project.name)
  const address = await createDocument(page, server.url, 'Plan of the evening')
  await look(page, 'document-empty', project.name)
  await writing(page).click()
  await page.keyboard.type('# Plan of the evening\nWe open at seven. The **doors** stay open.\n')
  await page.keyboard.type('- lights\nsound\n\n')
  await page.keyboard.type('/task')
  await expect(page.getByRole('option', { name: 'Task list' })).toHaveAttribute('aria-selected', 'true')
  await look(page, 'document-slash', project.name)
  await page.keyboard.press('Enter')
  await page.keyboard.type('Buy candles\n\n')
  await page.keyboard.type('> Said by the stage\n\n')
  await page.keyboard.type('/table')
  await page.keyboard.press('Enter')
  await page.keyboard.type('Who')
  await page.keyboard.press('Tab')
  await page.keyboard.type('When')
  await page.keyboard.press('Tab')
  await page.keyboard.type('Where')
  await expect(status(page)).toContainText('Saved')
  await expect(page.getByTestId('word-count')).toContainText('23 words')
  await select(page, 'We open at seven.')
  await expect(page.getByRole('toolbar', { name: 'Selection' })).toBeVisible()
  await look(page, 'document-written', project.name)

  await using context = await browser.newContext()
  const guest = await context.newPage()
  await joinDocument(guest, address, 'Bob Berg')
  await expect(writing(guest)).toContainText('Buy candles')
  await expect(writing(guest).locator('strong')).toHaveText('doors')
  await expect(writing(guest)).toHaveAttribute('contenteditable', 'false')
  await expect(guest.getByRole('toolbar', { name: 'Formatting' })).toHaveCount(0)
  expect(await paragraphs(guest)).toEqual(await paragraphs(page))
})

test('comments: who may not write comments on words, somebody answers and resolves, and the place survives edits', async ({
  server,
  page,
  browser,
}, { project }) => {
  const address = await createDocument(page, server.url, 'Minutes')
  await writing(page).click()
  await page.keyboard.type('The first word counts. The second follows.')
  await using context = await browser.newContext()
  const guest = await context.newPage()
  await joinDocument(guest, address, 'Bob Berg')
  await expect(writing(guest)).toContainText('The second follows.')
  await select(guest, 'second')
  await guest.getByRole('toolbar', { name: 'Selection' }).getByRole('button', { name: 'Comment' }).click()
  await guest.getByRole('textbox', { name: 'Comment', exact: true }).fill('Why the second?')
  await guest.getByRole('button', { name: 'Comment', exact: true }).last().click()
  await expect(guest.getByRole('article', { name: 'Comment by Bob Berg' })).toContainText('Why the second?')

  await writing(page).click()
  await page.keyboard.press('Control+Home')
  await page.keyboard.type('Before all: ')
  await expect(writing(page).locator('.commented')).toHaveText('second')
  await writing(page).locator('.commented').click()
  const thread = page.getByRole('article', { name: 'Comment by Bob Berg' })
  await thread.getByRole('textbox', { name: 'Reply' }).pressSequentially('Because @B')
  await page.getByRole('option', { name: 'Bob Berg' }).dispatchEvent('pointerdown')
  await thread.getByRole('button', { name: 'Reply' }).click()
  await expect(thread).toContainText('Because @Bob Berg')
  await look(page, 'document-comments', project.name)
  await expect(guest.getByRole('article', { name: 'Comment by Bob Berg' })).toContainText('Because @Bob Berg')
  await thread.getByRole('button', { name: 'Resolve' }).click()
  await expect(writing(guest).locator('.commented')).toHaveCount(0)
  await guest.getByRole('tab', { name: /^Resolved/ }).click()
  await guest.getByRole('button', { name: 'Reopen' }).click()
  await expect(writing(page).locator('.commented')).toHaveText('second')
})

test('history: named versions, what changed by whom, and an earlier text brought back', async ({
  server,
  page,
  browser,
}, { project }) => {
  // Many screens, each looked at twice.
  test.setTimeout(300_000)
  const address = await createDocument(page, server.url, 'Draft')
  await writing(page).click()
  await page.keyboard.type('Ann wrote this.')
  await expect(status(page)).toContainText('Saved')
  await page.getByRole('button', { name: 'History' }).click()
  await page.getByRole('textbox', { name: 'Name the text as it is now' }).fill('First draft')
  await page.getByRole('button', { name: 'Keep this version' }).click()
  await expect(page.getByText('“First draft” is kept.')).toBeVisible()
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()

  if (project.name === 'phone') {
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Share' }).click()
  } else await page.getByRole('button', { name: 'Share' }).click()
  await page.getByLabel('Attendee').selectOption('edit')
  await look(page, 'document-share', project.name)
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
  await using context = await browser.newContext()
  const guest = await context.newPage()
  await joinDocument(guest, address, 'Bob Berg')
  await expect(writing(guest)).toHaveAttribute('contenteditable', 'true')
  await writing(guest).click()
  await guest.keyboard.press('Control+End')
  await guest.keyboard.type(' And Bob added more.')
  await expect(writing(page)).toContainText('And Bob added more.')
  await expect(writing(page).locator('.caret')).toHaveAttribute('data-name', 'Bob Berg')
  await look(page, 'document-cursors', project.name)
  await expect(status(guest)).toContainText('Saved')

  await page.getByRole('button', { name: 'History' }).click()
  const past = page.getByTestId('past-text')
  await page.getByLabel('Compare with').selectOption('First draft')
  await expect(past.locator('ins')).toHaveText('And Bob added more.')
  await expect(past.locator('ins')).toHaveAttribute('data-by', 'Bob Berg')
  await look(page, 'document-history', project.name)
  await page.getByRole('button', { name: /First draft/ }).click()
  await expect(past).toHaveText('Ann wrote this.')
  await page.getByRole('button', { name: 'Restore this text' }).click()
  await expect(writing(page)).toHaveText('Ann wrote this.')
  await expect(writing(guest)).toHaveText('Ann wrote this.')
  await page.getByRole('button', { name: 'History' }).click()
  await expect(page.getByRole('button', { name: /Brought back by/ })).toHaveCount(1)
})
