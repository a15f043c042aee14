import type { Page } from '@playwright/test'
import { createEvent, look, test } from './event.ts'
import { expect, field, joinGame, startGame, status } from './games.ts'

const newPage = async (browser: { newContext(): Promise<{ newPage(): Promise<Page> }> }) =>
  (await browser.newContext()).newPage()

test('two friends play by link, a third watches, they play again with sides swapped, and look at it move by move', async ({
  browser,
  server,
}, { project }) => {
  test.setTimeout(300_000)
  const [ada, bo, cy] = [await newPage(browser), await newPage(browser), await newPage(browser)]
  await ada.goto(`${server.url}/games`)
  await expect(ada.getByRole('heading', { name: 'Tic-tac-toe' })).toBeVisible()
  await look(ada, 'games', project.name)
  const code = await startGame(ada, server, 'Tic-tac-toe', 'Ada', 'Five minutes each')
  await look(ada, 'game-waiting', project.name)
  await joinGame(bo, server, code, 'Bo')
  await expect(status(bo)).toContainText('Ada to move.')
  await joinGame(cy, server, code, 'Cy')
  await expect(status(ada)).toContainText('1 watching')
  await expect(status(ada)).toContainText('Your turn.')

  await field(ada, 2, 2).click()
  await expect(field(bo, 2, 2)).toHaveAccessibleName('Row 2, column 2: Cross')
  await expect(status(bo)).toContainText('Your turn.')
  await look(bo, 'game-turn', project.name)
  // Not theirs to move, taken, and only watching: nothing comes of it.
  for (const [page, row] of [
    [ada, 1],
    [bo, 2],
    [cy, 1],
  ] as const)
    await field(page, row, 2).click({ force: true })
  await expect(field(cy, 1, 2)).toHaveAccessibleName('Row 1, column 2: empty')
  await expect(status(bo)).toContainText('Your turn.')

  // By keyboard: from the middle up and to the left.
  await field(bo, 2, 2).focus()
  await bo.keyboard.press('ArrowUp')
  await bo.keyboard.press('ArrowLeft')
  await bo.keyboard.press('Enter')
  await expect(field(ada, 1, 1)).toHaveAccessibleName('Row 1, column 1: Nought')
  for (const [page, row, column] of [
    [ada, 2, 1],
    [bo, 1, 2],
    [ada, 2, 3],
  ] as const) {
    await expect(status(page)).toContainText('Your turn.')
    await field(page, row, column).click()
  }
  await expect(status(ada)).toContainText('You win.')
  await expect(status(bo)).toContainText('Ada wins.')
  await expect(field(cy, 2, 1)).toHaveAccessibleName('Row 2, column 1: Cross, winning line')
  await look(bo, 'game-over', project.name)

  await cy.getByRole('button', { name: 'Replay' }).click()
  await cy.getByRole('button', { name: 'One move on' }).click()
  await expect(cy.getByRole('status').filter({ hasText: 'Move 1 of 5: Ada, row 2, column 2.' })).toBeVisible()
  await look(cy, 'game-replay', project.name)

  await ada.getByRole('button', { name: 'Play again' }).click()
  await bo.getByRole('button', { name: 'Accept another round' }).click()
  await expect(status(bo)).toContainText('Your turn.')
  await bo.getByRole('button', { name: 'Resign' }).click()
  await bo.getByRole('button', { name: 'Really resign?' }).click()
  await expect(status(ada)).toContainText('You win. Bo resigned.')
})

test('two strangers find each other by quick match', async ({ browser, server }, { project }) => {
  test.skip(project.name !== 'desktop', 'nothing in it is about the size of the page')
  const [ada, bo] = [await newPage(browser), await newPage(browser)]
  for (const [page, name] of [
    [ada, 'Ada'],
    [bo, 'Bo'],
  ] as const) {
    await page.goto(`${server.url}/games`)
    await page.getByRole('textbox', { name: 'Your name' }).fill(name)
    await page.getByRole('button', { name: 'Quick match' }).first().click()
    await expect(page.getByRole('grid')).toBeVisible()
  }
  await expect(status(ada)).toContainText('Your turn.')
  await expect(status(bo)).toContainText('Ada to move.')
})

test('a player who comes back is at the same board, and the clock has gone on', async ({ browser, server }, {
  project,
}) => {
  test.skip(project.name !== 'desktop', 'nothing in it is about the size of the page')
  const [ada, bo] = [await newPage(browser), await newPage(browser)]
  const code = await startGame(ada, server, 'Tic-tac-toe', 'Ada')
  await joinGame(bo, server, code, 'Bo')
  await field(ada, 1, 1).click()
  await expect(status(bo)).toContainText('Your turn.')
  const left = await secondsLeft(bo, 1)
  expect(left).toBeGreaterThan(50)

  // The same person on another device: what the device keeps is the pass, as an account would bring it along.
  const other = await browser.newContext({ storageState: await bo.context().storageState() })
  await bo.close()
  const again = await other.newPage()
  await again.goto(`${server.url}/e/${code}`)
  await expect(field(again, 1, 1)).toHaveAccessibleName('Row 1, column 1: Cross')
  await expect(status(again)).toContainText('Your turn.')
  await expect.poll(() => secondsLeft(again, 1)).toBeLessThan(left)
  expect(Math.abs((await secondsLeft(again, 1)) - (await secondsLeft(ada, 1)))).toBeLessThanOrEqual(1)
  await field(again, 2, 2).click()
  await expect(field(ada, 2, 2)).toHaveAccessibleName('Row 2, column 2: Nought')
})

test('an event goes on beside games: its code still leads to the event', async ({ browser, server }, { project }) => {
  test.skip(project.name !== 'desktop', 'nothing in it is about the size of the page')
  const page = await newPage(browser)
  await startGame(page, server, 'Tic-tac-toe', 'Ada')
  const event = await createEvent(page, server, 'Meeting')
  await page.goto(server.url)
  await expect(page.getByRole('link', { name: /Meeting/ })).toHaveCount(1)
  await expect(page.getByRole('link', { name: /^Tic-tac-toe/ })).toHaveCount(0)
  await page.goto(`${server.url}/e/${event}`)
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeVisible()
})

/** What the clock of a side says, in seconds. */
async function secondsLeft(page: Page, side: 0 | 1): Promise<number> {
  const [minutes = 0, seconds = 0] = (await page.getByRole('timer').nth(side).innerText()).split(':').map(Number)
  return minutes * 60 + seconds
}

test('a game on the stage: the hosts seat two people, and the hall watches it live', async ({ browser, server }, {
  project,
}) => {
  test.setTimeout(300_000)
  const host = await newPage(browser)
  const code = await createEvent(host, server, 'Games night')
  await host.goto(`${server.url}/e/${code}/settings`)
  await host.getByRole('combobox', { name: 'Game' }).selectOption('Connect four')
  await host.getByRole('combobox', { name: 'Who plays' }).selectOption('Whom the hosts seat')
  await host.getByRole('textbox', { name: 'Title' }).last().fill('The final')
  await host.getByRole('button', { name: 'Add a game' }).click()
  await host.getByRole('link', { name: 'The final' }).click()
  await expect(status(host)).toContainText('Two seats are free.')
  const table = new URL(host.url()).pathname
  const [ada, bo] = [await newPage(browser), await newPage(browser)]
  for (const [page, name] of [
    [ada, 'Ada'],
    [bo, 'Bo'],
  ] as const) {
    await page.goto(`${server.url}${table}`)
    await page.getByRole('textbox', { name: 'Your name' }).fill(name)
    await page.getByRole('button', { name: 'Join' }).click()
    await expect(page.getByRole('grid')).toBeVisible()
    await expect(page.getByRole('button', { name: 'Take a seat' })).toHaveCount(0)
  }
  await host.getByRole('combobox', { name: 'Solid disc: who plays' }).selectOption('Ada')
  await host.getByRole('combobox', { name: 'Ring: who plays' }).selectOption('Bo')
  await expect(status(ada)).toContainText('Your turn.')
  await field(ada, 1, 4).click()
  await expect(field(bo, 6, 4)).toHaveAccessibleName('Row 6, column 4: Solid disc')
  await look(ada, 'connectfour', project.name)
})
