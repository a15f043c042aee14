import AxeBuilder from '@axe-core/playwright'
import { test as base, expect } from '@playwright/test'
import type { Page } from '@playwright/test'
import { fileURLToPath } from 'node:url'
import { TestServer } from './server.ts'

/** Where the product is, whether one server or many. */
export interface Place {
  readonly url: string
}

/** A test with a server of its own. */
export const test = base.extend<{ server: TestServer }>({
  server: async ({ browser }, use) => {
    await using server = await TestServer.start()
    await use(server)
    // Pages that stay open would go on looking for their server beside the tests that follow.
    await Promise.all(browser.contexts().map((context) => context.close()))
  },
})
export { expect }

/** As an organiser would: types a title, and is in. Answers the event's code. `open` false: on the page that is there already. */
export async function createEvent(page: Page, server: Place, title: string, open = true): Promise<string> {
  if (open) await page.goto(server.url)
  await page.getByRole('textbox', { name: 'Event title' }).fill(title)
  await page.getByRole('button', { name: 'Create event' }).click()
  // The invitation opens by itself; it is looked at and put away.
  const invitation = page.getByRole('dialog', { name: 'Invite people' })
  await expect(invitation.getByRole('img', { name: /^QR code/ })).toBeVisible()
  await invitation.getByRole('button', { name: 'Close' }).click()
  await expect(invitation).toHaveCount(0)
  await expect(page.getByTestId('event-code').first()).toBeVisible()
  return (await page.getByTestId('event-code').first().innerText()).trim()
}

/** As an attendee would: opens the link, types a name, and is in. */
export async function joinEvent(page: Page, server: Place, code: string, name: string): Promise<void> {
  await page.goto(`${server.url}/e/${code}`)
  await page.getByRole('textbox', { name: 'Your name' }).fill(name)
  await page.getByRole('button', { name: 'Join' }).click()
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeVisible()
}

export async function say(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Message' }).fill(text)
  await page.getByRole('button', { name: 'Send' }).click()
}

/** A message's row by its text. */
export function message(page: Page, text: string) {
  return page.getByRole('log', { name: 'Messages' }).getByRole('article').filter({ hasText: text })
}

/** The texts of all rows that carry one of these, in the order shown. */
export async function shown(page: Page, texts: readonly string[]): Promise<string[]> {
  const rows = await page.getByRole('log', { name: 'Messages' }).getByRole('article').allInnerTexts()
  return rows.flatMap((row) => texts.find((text) => row.includes(text)) ?? [])
}

/** What the page's worker that keeps it for offline use is doing, in words that tell why it is not there yet. */
export function keeper(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration()
    if (registration === undefined) return `not registered, page ${document.readyState}`
    const { active, waiting, installing } = registration
    return active?.state ?? waiting?.state ?? installing?.state ?? 'registered, and its worker is gone'
  })
}

const SCREENSHOTS = fileURLToPath(new URL('./screenshots/', import.meta.url))

/** Looks at a screen in light and dark: no accessibility violation, and a picture of each for people to look at. */
export async function look(page: Page, name: string, project: string): Promise<void> {
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
    // The scheme has arrived once the page's own attribute says so.
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', scheme)
    await page.screenshot({ path: `${SCREENSHOTS}${name}-${project}-${scheme}.png` })
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([])
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null })
}
