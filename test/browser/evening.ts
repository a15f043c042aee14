import type { Browser, Locator, Page } from '@playwright/test'
import { fileURLToPath } from 'node:url'
import { expect as base } from './event.ts'
import type { Place } from './event.ts'

/** What one does goes through two nodes and comes to six pages; on a busy machine each takes its time. */
export const expect = base.configure({ timeout: 60_000 })

const SCREENSHOTS = fileURLToPath(new URL('./screenshots/', import.meta.url))

const DESK = { width: 1280, height: 800 }
const PHONE = { width: 390, height: 844 }

/** Who sits at a desk. */
export async function desk(browser: Browser): Promise<Page> {
  const context = await browser.newContext({
    viewport: DESK,
    isMobile: false,
    hasTouch: false,
    acceptDownloads: true,
  })
  return await context.newPage()
}

/** Who has a phone in the hand. */
export async function phone(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ viewport: PHONE, isMobile: true, hasTouch: true })
  return await context.newPage()
}

/** Keeps what each of these sees at this point of the evening, for people to look at: the last of them in both sizes if none has the other. */
export async function picture(step: string, pages: Record<string, Page>): Promise<void> {
  const widths = new Set<number>()
  const take = async (who: string, page: Page) => {
    const width = page.viewportSize()?.width ?? 0
    widths.add(width)
    await page.screenshot({ path: `${SCREENSHOTS}evening-${step}-${who}-${width}.png`, animations: 'disabled' })
  }
  for (const [who, page] of Object.entries(pages)) await take(who, page)
  const [who, page] = Object.entries(pages).at(-1) ?? []
  const own = page?.viewportSize() ?? null
  if (who === undefined || page === undefined || own === null) return
  for (const size of [DESK, PHONE]) {
    if (widths.has(size.width)) continue
    await page.setViewportSize(size)
    await take(who, page)
    await page.setViewportSize(own)
  }
}

export const onStage = (page: Page): Locator => page.getByRole('region', { name: 'Stage' })

/** Opens a panel of the play page. */
export async function turnTo(page: Page, panel: 'Chat' | 'Q&A' | 'Polls'): Promise<void> {
  await page.getByRole('tab', { name: new RegExp(`^${panel}`) }).click()
}

/** A line in a list of the control room. */
export function lineOf(page: Page, list: 'Chat' | 'Questions' | 'Polls', text: string): Locator {
  return page.getByRole('listbox', { name: list, exact: true }).getByRole('option').filter({ hasText: text })
}

/** Chooses a line and presses one of its keys. */
export async function press(line: Locator, key: string): Promise<void> {
  await line.click()
  await line.page().keyboard.press(key)
}

/** Takes back what was just done; waits until it is what would be taken back. */
export async function takeBack(page: Page, done: string): Promise<void> {
  await expect(page.getByTestId('undo')).toContainText(done)
  await page.keyboard.press('z')
}

/** The address of an overlay by a key that is made here, in the settings. */
export async function overlayKey(
  page: Page,
  place: Place,
  code: string,
  label: string,
): Promise<(name: string) => Promise<string>> {
  await page.goto(`${place.url}/e/${code}/settings`)
  await page.getByRole('textbox', { name: 'What the key is for' }).fill(label)
  await page.getByRole('button', { name: 'Make a key' }).click()
  return async (name) => {
    const link = page.getByRole('link', { name, exact: true })
    await expect(link).toBeVisible()
    return (await link.getAttribute('href')) ?? ''
  }
}
