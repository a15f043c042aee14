import { openControl } from './control.ts'
import { createEvent, expect, joinEvent, look, say, test } from './event.ts'
import type { Page } from '@playwright/test'

/** A room with more places to stop at than this would be no room for a keyboard. */
const STOPS_MAX = 150

test('an evening is run by the keyboard alone, and every control of the room can be reached by it', async ({
  browser,
  server,
}, { project }) => {
  test.skip(project.name !== 'desktop', 'a phone has no keyboard')
  const olga = await (await browser.newContext()).newPage()
  const ben = await (await browser.newContext()).newPage()
  const code = await createEvent(olga, server, 'By keys')
  await joinEvent(ben, server, code, 'Ben')
  await say(ben, 'Buy my watches')
  await openControl(olga, server, code)
  // From here on nobody touches a mouse.
  const { keyboard } = olga
  const keys = async (...all: string[]) => {
    for (const key of all) await keyboard.press(key)
  }
  const list = (name: string) => olga.getByRole('listbox', { name, exact: true })
  const chosen = (name: string) => list(name).getByRole('option', { selected: true })

  // Two cues, the second put before the first.
  for (const title of ['Opening', 'Welcome']) {
    await keys('c')
    await keyboard.type(title)
    // What attendees see is the second field from here, and is chosen by its first letter.
    await keys('Tab', 'Tab', 'w')
    await expect(olga.getByRole('combobox', { name: 'Attendees see' })).toHaveValue('welcome')
    if (title === 'Opening') await look(olga, 'control-add-cue', project.name)
    await keys('Tab', 'Enter')
    await expect(olga.getByRole('dialog')).toHaveCount(0)
  }
  await expect(list('Rundown').getByRole('option')).toHaveCount(2)
  await keys('1')
  await expect(list('Rundown')).toBeFocused()
  await keys('End')
  await expect(chosen('Rundown')).toContainText('Welcome')
  await keys('Alt+ArrowUp')
  await expect(list('Rundown').getByRole('option').first()).toContainText('Welcome')
  await keys('n')
  await expect(olga.getByTestId('on-now')).toHaveText('Welcome')
  for (const [key, cue] of [
    ['n', 'Opening'],
    ['b', 'Welcome'],
    ['z', 'Opening'],
  ] as const) {
    await keys(key)
    await expect(olga.getByTestId('on-now')).toHaveText(cue)
  }

  // What everybody, and what the speakers see: typed right behind the key, as those do who know the room.
  await keys('a')
  await keyboard.type('Doors close at nine')
  await keys('Enter', 'Escape', 'm')
  await keyboard.type('nb: louder')
  await keys('Enter', 'Escape')
  await expect(olga.getByTestId('on-air')).toContainText('Doors close at nine')
  await expect(olga.getByText('nb: louder')).toBeVisible()
  await expect(olga.getByTestId('on-now')).toHaveText('Opening')

  // A poll, from its question to its end.
  await keys('q')
  await keyboard.type('Is it loud enough?')
  await keys('Enter')
  await expect(olga.getByRole('dialog')).toHaveCount(0)
  await expect(list('Polls')).toContainText('Is it loud enough?')
  await keys('5')
  await expect(list('Polls')).toBeFocused()
  await keys('k')
  await expect(list('Polls').getByRole('group', { name: 'Closed' })).toContainText('Is it loud enough?')
  await keys('z')
  await expect(list('Polls').getByRole('group', { name: 'Open' })).toContainText('Is it loud enough?')

  // A message, its author, and both back again.
  await keys('3')
  await expect(list('Chat')).toBeFocused()
  await expect(chosen('Chat')).toContainText('Buy my watches')
  await keys('d')
  await expect(chosen('Chat')).toContainText('Removed by the hosts')
  await keys('z')
  await expect(chosen('Chat')).toContainText('Buy my watches')
  await keys('x')
  await expect(ben.getByText('You were removed from this event')).toBeVisible()
  await keys('z', 'h')
  await expect(ben.getByText('You were removed from this event')).toBeVisible()
  await expect(olga.getByTestId('on-air')).toContainText('One moment, please')
  await keys('h')

  // Tabs are walked with arrows, and Tab comes to all that can be pressed or written in, and out again.
  await keys('4')
  await expect(olga.getByRole('tab', { name: /Q&A/ })).toHaveAttribute('aria-selected', 'true')
  expect(await missedByTab(olga)).toEqual([])
})

/** What is on the page to be used and is not come to by Tab, or shows nothing when it is. Throws when Tab never comes round. */
async function missedByTab(page: Page): Promise<string[]> {
  await page.evaluate(() => {
    const usable = 'a[href], button, input, select, textarea, [role=listbox], [role=tab]'
    for (const [at, element] of [...document.querySelectorAll<HTMLElement>(usable)].entries()) {
      const within = element.closest('[role=tablist], [inert]')
      // Within tabs arrows walk; what is disabled, hidden or inert is for nobody.
      const skipped = element.tabIndex < 0 || element.matches(':disabled') || within?.hasAttribute('inert') === true
      if (!skipped && element.checkVisibility({ visibilityProperty: true })) element.dataset['stop'] = String(at)
    }
    document.body.tabIndex = -1
    document.body.focus()
  })
  const seen = new Set<string>()
  for (let stops = 0; stops < STOPS_MAX; stops++) {
    await page.keyboard.press('Tab')
    const stop = await page.evaluate(() => {
      const { activeElement: element } = document
      if (!(element instanceof HTMLElement) || element === document.body) return null
      const { outlineStyle, boxShadow } = getComputedStyle(element)
      const shows = outlineStyle !== 'none' || boxShadow !== 'none'
      return { stop: element.dataset['stop'] ?? null, shows }
    })
    if (stop === null) break
    if (stop.stop !== null && stop.shows) seen.add(stop.stop)
    if (stops === STOPS_MAX - 1) throw new Error('Tab does not come round.')
  }
  return await page.evaluate(
    (reached) =>
      [...document.querySelectorAll<HTMLElement>('[data-stop]')]
        .filter(({ dataset }) => !reached.includes(dataset['stop'] ?? ''))
        .map(({ outerHTML }) => outerHTML.slice(0, 200)),
    [...seen],
  )
}
