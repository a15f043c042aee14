import type { Page } from '@playwright/test'
import { readFile } from 'node:fs/promises'
import { expect, look, test } from './event.ts'
import { createDocument, joinDocument, paragraphs, status, writing } from './document.ts'

/** One red pixel. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const WITH_LOSSES = `<h1>Programme</h1>
<p>Doors at <strong>seven</strong>, the talk at <em>eight</em>.</p>
<ul><li>bread</li><li>wine</li></ul>
<table><tr><th>Who</th><th>When</th></tr><tr><td>Ann</td><td>19:00</td></tr></table>
<script>document.body.textContent = 'taken over'</script>
<p><a href="javascript:alert(1)">a trap</a></p>`

interface ChosenFile {
  name: string
  mimeType: string
  buffer: Buffer
}

/** Chooses a file where `open` asks for one. */
async function choose(page: Page, file: ChosenFile, open: () => Promise<void>): Promise<void> {
  const asked = page.waitForEvent('filechooser')
  await open()
  await (await asked).setFiles(file)
}

async function importFile(page: Page, file: ChosenFile): Promise<void> {
  await choose(page, file, async () => {
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Import a file' }).click()
  })
}

async function saveAs(page: Page, format: string): Promise<{ name: string; content: Buffer }> {
  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: format }).click()
  const file = await saved
  return { name: file.suggestedFilename(), content: await readFile(await file.path()) }
}

test('a file comes in, says what it could not carry over, and goes out in every format to come in again the same', async ({
  server,
  page,
}, { project }) => {
  await createDocument(page, server.url, 'Programme')
  await importFile(page, { name: 'programme.html', mimeType: 'text/html', buffer: Buffer.from(WITH_LOSSES) })
  const losses = page.getByRole('dialog', { name: 'What the import left out' })
  await expect(losses.getByRole('listitem')).toHaveText([
    /^Scripts, forms and embedded objects were left out\s*once$/,
    /^Links that could run something became plain text\s*once$/,
  ])
  await look(page, 'document-losses', project.name)
  await losses.getByRole('button', { name: 'Close' }).click()
  await expect(writing(page).locator('h1')).toHaveText('Programme')
  await expect(writing(page).locator('table')).toContainText('19:00')
  await expect(writing(page).getByRole('link')).toHaveCount(0)
  await expect(status(page)).toContainText('Saved')
  const wanted = await paragraphs(page)

  const markdown = await saveAs(page, 'Markdown')
  expect(markdown.name).toBe('Programme.md')
  expect(markdown.content.toString()).toContain('Doors at **seven**')
  const html = await saveAs(page, 'HTML')
  expect(html.content.toString()).toContain('<strong>seven</strong>')
  const docx = await saveAs(page, 'Word (DOCX)')
  expect(docx.name).toBe('Programme.docx')
  for (const { name, content } of [markdown, html, docx]) {
    await importFile(page, { name, mimeType: 'application/octet-stream', buffer: content })
    const where = page.getByRole('dialog', { name: `Import “${name}”` })
    await expect(where).toContainText('Everything in this file can be carried over.')
    if (name === docx.name) await look(page, 'document-import', project.name)
    await where.getByRole('button', { name: 'In place of the text' }).click()
    await expect(page.getByText(`“${name}” was imported, and nothing was lost.`)).toBeVisible()
    await expect.poll(() => paragraphs(page)).toEqual(wanted)
    await expect(writing(page).locator('li')).toHaveText(['bread', 'wine'])
    await expect(writing(page).locator('strong').first()).toHaveText('seven')
  }

  await importFile(page, { name: 'broken.docx', mimeType: 'application/zip', buffer: Buffer.from('no archive') })
  await expect(page.getByText('This is not a DOCX file, or it is damaged.').first()).toBeVisible()
  expect(await paragraphs(page)).toEqual(wanted)
})

test('an image is put into the text and shown to all who read it; what is none is refused in words', async ({
  server,
  page,
  browser,
}, { project }) => {
  const address = await createDocument(page, server.url, 'Pictures')
  await writing(page).click()
  await page.keyboard.type('Before it.')
  const insert = async () => {
    await page.getByRole('toolbar', { name: 'Formatting' }).getByRole('button', { name: 'Insert' }).click()
    await page.getByRole('menuitem', { name: 'Image' }).click()
  }
  await choose(page, { name: 'red dot.png', mimeType: 'image/png', buffer: PNG }, insert)
  const drawn = (on: Page) =>
    writing(on)
      .locator('img[alt="red dot"]')
      .evaluateAll((found) => found.map((image) => (image as HTMLImageElement).naturalWidth))
  await expect.poll(() => drawn(page)).toEqual([1])
  await expect(status(page)).toContainText('Saved')

  await using context = await browser.newContext()
  const guest = await context.newPage()
  await joinDocument(guest, address, 'Bob Berg')
  await expect.poll(() => drawn(guest)).toEqual([1])

  await choose(page, { name: 'page.png', mimeType: 'image/png', buffer: Buffer.from('<script>1</script>') }, insert)
  const words = page.getByText('Only PNG, JPEG, GIF and WebP images can be put here.')
  await expect(words.first()).toBeVisible()
  await look(page, 'document-image-refused', project.name)
  await expect(writing(page).locator('img')).toHaveCount(1)
})
