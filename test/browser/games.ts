import type { Page } from '@playwright/test'
import { expect as base } from './event.ts'

/** A move goes through three pages and a server; on a busy machine each takes its time. */
export const expect = base.configure({ timeout: 20_000 })

/** From the lobby, as anyone would: types a name and starts a game for a friend. Answers its code. */
export async function startGame(
  page: Page,
  place: { url: string },
  game: string,
  name: string,
  clock?: string,
): Promise<string> {
  await page.goto(`${place.url}/games`)
  await page.getByRole('textbox', { name: 'Your name' }).fill(name)
  if (clock !== undefined) await page.getByRole('combobox', { name: 'Clock' }).selectOption(clock)
  const card = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: game }) })
  await card.getByRole('button', { name: 'Play a friend' }).click()
  await expect(page.getByText('Send the link; it begins when they come.')).toBeVisible()
  return (await page.getByTestId('event-code').first().innerText()).trim()
}

/** With the link from a friend. */
export async function joinGame(page: Page, place: { url: string }, code: string, name: string): Promise<void> {
  await page.goto(`${place.url}/e/${code}`)
  await page.getByRole('textbox', { name: 'Your name' }).fill(name)
  await page.getByRole('button', { name: 'Join' }).click()
  await expect(page.getByRole('grid')).toBeVisible()
}

export function field(page: Page, row: number, column: number) {
  return page.getByRole('button', { name: new RegExp(`^Row ${row}, column ${column}: `) })
}

export function status(page: Page) {
  return page.getByTestId('game-status')
}
