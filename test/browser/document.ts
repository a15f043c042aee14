import { expect } from '@playwright/test'
import type { Locator, Page } from '@playwright/test'

/** The editor is the largest part of the app. */
const OPEN_MS_MAX = 20_000

/** As somebody who begins a document of their own; answers its address. */
export async function createDocument(page: Page, url: string, title: string): Promise<string> {
  await page.goto(`${url}/documents`)
  await page.getByRole('textbox', { name: 'Title of a new document' }).fill(title)
  await page.getByRole('textbox', { name: 'Your name' }).fill('Ann Ahl')
  await page.getByRole('button', { name: 'New document' }).click()
  await expect(writing(page)).toBeVisible({ timeout: OPEN_MS_MAX })
  await expect(status(page)).toContainText('Saved', { timeout: OPEN_MS_MAX })
  return page.url()
}

/** As somebody who was sent the link. */
export async function joinDocument(page: Page, address: string, name: string): Promise<void> {
  await page.goto(address)
  await page.getByRole('textbox', { name: 'Your name' }).fill(name)
  await page.getByRole('button', { name: 'Join' }).click()
  await expect(writing(page)).toBeVisible({ timeout: OPEN_MS_MAX })
}

/** Where the text is written. */
export const writing = (page: Page): Locator => page.getByRole('textbox', { name: 'Text of the document' })
/** What became of what was typed. */
export const status = (page: Page): Locator => page.getByTestId('document-status')

/** The text, paragraph by paragraph, without the cursors of others in it. */
export async function paragraphs(page: Page): Promise<string[]> {
  return await writing(page).evaluate((root) => {
    const copy = root.cloneNode(true) as Element
    for (const caret of copy.querySelectorAll('.caret, .ProseMirror-widget')) caret.remove()
    return [...copy.querySelectorAll('p, h1, h2, h3')].map((block) => block.textContent)
  })
}

/** Selects some words, as a double click and a drag would. */
export async function select(page: Page, words: string): Promise<void> {
  await writing(page).evaluate((root, wanted) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const at = node.textContent?.indexOf(wanted) ?? -1
      if (at < 0) continue
      const range = document.createRange()
      range.setStart(node, at)
      range.setEnd(node, at + wanted.length)
      getSelection()?.removeAllRanges()
      getSelection()?.addRange(range)
      return
    }
    throw new Error(`There is no “${wanted}” in the text.`)
  }, words)
}

/** The text as one number, the same on all pages that show the same. */
export async function hashOf(page: Page): Promise<string> {
  const text = (await paragraphs(page)).join('\n')
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return Buffer.from(digest).toString('hex')
}
