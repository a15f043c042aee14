import type { Browser, Page } from '@playwright/test'
import type { RoomId } from '@plenary/kinds'
import { RunningCluster } from '../../scripts/cluster/running.ts'
import { possibleLog } from '../cluster/possible-log.ts'
import { test } from './event.ts'
import { expect, field, joinGame, startGame, status } from './games.ts'

const START_MS_MAX = 120_000
/** The lease of the dead node runs out, and its page backs off from where it was. */
const BACK_MS_MAX = 45_000
const GUESTS_MAX = 4

test('[R8] two play on two nodes while the owner of their game is killed between two moves: the same board, the clock right, to the end', async ({
  browser,
}, { project }) => {
  test.skip(project.name !== 'desktop', 'nothing in it is about the size of the page')
  test.setTimeout(START_MS_MAX + 3 * BACK_MS_MAX)
  const log = await possibleLog()
  test.skip(log === null, 'the engines of a cluster are not there')
  if (log === null) return
  await using cluster = await RunningCluster.start({
    log,
    zones: ['north', 'north'],
    progress: (line) => console.log(line),
  })

  const ada = await newPage(browser)
  const code = await startGame(ada, cluster, 'Tic-tac-toe', 'Ada', 'Five minutes each')
  const bo = await guestElsewhere(browser, cluster, code, await nodeOf(ada))
  const room = new URL(ada.url()).pathname.split('/').at(-1) as RoomId

  await field(ada, 2, 2).click()
  await expect(field(bo, 2, 2)).toHaveAccessibleName('Row 2, column 2: Cross')
  const owner = await ownerOf(cluster, room)
  await cluster.act('kill', owner)
  // Bo moves at once: kept on the device, or taken by whoever owns the game next.
  await field(bo, 1, 1).click()
  await expect(field(ada, 1, 1)).toHaveAccessibleName('Row 1, column 1: Nought', { timeout: BACK_MS_MAX })
  expect(await ownerOf(cluster, room)).not.toBe(owner)
  await expect(status(ada)).toContainText('Your turn.')
  // Nothing twice: one piece each.
  for (const page of [ada, bo]) {
    await expect(page.getByRole('button', { name: /: Cross/ })).toHaveCount(1)
    await expect(page.getByRole('button', { name: /: Nought/ })).toHaveCount(1)
  }
  const [first, second] = [await clocks(ada), await clocks(bo)]
  for (const side of [0, 1] as const) expect(Math.abs((first[side] ?? 0) - (second[side] ?? 0))).toBeLessThanOrEqual(1)
  // Ada's clock stood while it was Bo's turn, and is below five minutes only by what she thought before her first move.
  expect(second[1]).toBeLessThan(300)

  for (const [page, row, column] of [
    [ada, 2, 1],
    [bo, 1, 2],
    [ada, 2, 3],
  ] as const) {
    await expect(status(page)).toContainText('Your turn.', { timeout: BACK_MS_MAX })
    await field(page, row, column).click()
  }
  await expect(status(ada)).toContainText('You win.', { timeout: BACK_MS_MAX })
  await expect(status(bo)).toContainText('Ada wins.', { timeout: BACK_MS_MAX })
})

/** Who has the second seat, on another node than this; the registry takes turns, so that one of the first is. */
async function guestElsewhere(browser: Browser, cluster: RunningCluster, code: string, node: string): Promise<Page> {
  const bo = await newPage(browser)
  await joinGame(bo, cluster, code, 'Bo')
  for (let tries = 1; tries <= GUESTS_MAX; tries++) {
    if ((await nodeOf(bo)) !== node) return bo
    // Coming again takes another place.
    await bo.reload()
    await expect(bo.getByRole('grid')).toBeVisible()
  }
  throw new Error(`Every page is on ${node}.`)
}

async function ownerOf(cluster: RunningCluster, room: RoomId): Promise<string> {
  const found = await cluster.ownerOf(room, 'north')
  if (found === null) throw new Error('Nobody owns the game.')
  return found.node
}

/** What both clocks say, in seconds. */
async function clocks(page: Page): Promise<number[]> {
  const texts = await page.getByRole('timer').allInnerTexts()
  return texts.map((text) => {
    const [minutes = 0, seconds = 0] = text.split(':').map(Number)
    return minutes * 60 + seconds
  })
}

async function newPage(browser: Browser): Promise<Page> {
  return await (await browser.newContext()).newPage()
}

/** The node that a page says it is on. */
async function nodeOf(page: Page): Promise<string> {
  const shows = page.getByTestId('node').first()
  await expect(shows).toHaveText(/^Connected to node-\d+$/)
  return (await shows.innerText()).replace('Connected to ', '')
}
