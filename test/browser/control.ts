import { expect } from '@playwright/test'
import type { Page } from '@playwright/test'
import type { Place } from './event.ts'

/** Opens the control room of an event that this page is in. */
export async function openControl(page: Page, server: Place, code: string): Promise<void> {
  await page.goto(`${server.url}/e/${code}/control`)
  await expect(page.getByTestId('transport')).toBeVisible()
}

/** On a phone panels take turns; elsewhere most of them stand beside each other. */
export async function panel(page: Page, name: string): Promise<void> {
  const tab = page.getByRole('tab', { name: new RegExp(`^(\\d )?${name}`) })
  if ((await tab.count()) > 0) await tab.click()
}

export async function addCue(page: Page, title: string, duration: string, more: () => Promise<void>): Promise<void> {
  await panel(page, 'Rundown')
  await page.keyboard.press('c')
  const dialog = page.getByRole('dialog', { name: 'Add a cue' })
  await dialog.getByRole('textbox', { name: 'Title' }).fill(title)
  await dialog.getByRole('textbox', { name: 'Duration' }).fill(duration)
  await more()
  await dialog.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(dialog).toHaveCount(0)
  await expect(cue(page, title)).toBeVisible()
}

export const layout = (page: Page, name: string) => async () => {
  await page.getByRole('combobox', { name: 'Attendees see' }).selectOption({ label: name })
}

export function cue(page: Page, title: string) {
  return page.getByRole('listbox', { name: 'Rundown' }).getByRole('option').filter({ hasText: title })
}

/** Gives somebody a role, as the owner does it in the settings. */
export async function giveRole(owner: Page, server: Place, code: string, name: string, role: string): Promise<void> {
  await owner.goto(`${server.url}/e/${code}/settings`)
  await owner.getByRole('combobox', { name: `Role of ${name}` }).selectOption(role)
}
