import type { Browser, Page } from '@playwright/test'
import { RunningCluster } from '../../scripts/cluster/running.ts'
import { possibleLog } from '../cluster/possible-log.ts'
import { createEvent, expect, joinEvent, message, say, shown, test } from './event.ts'

const START_MS_MAX = 120_000
/** The lease of the dead node runs out, and its page backs off from where it was. */
const BACK_MS_MAX = 45_000
const GUESTS_MAX = 4

test('[R8] two pages on different nodes chat, and the one whose node is killed comes back on the other with everything once', async ({
  browser,
}, { project }) => {
  test.skip(project.name !== 'desktop', 'nothing in it is about the size of the page')
  test.setTimeout(START_MS_MAX + 2 * BACK_MS_MAX)
  const log = await possibleLog()
  test.skip(log === null, 'the engines of a cluster are not there')
  if (log === null) return
  await using cluster = await RunningCluster.start({
    log,
    zones: ['north', 'north'],
    progress: (line) => console.log(line),
  })

  const organiser = await newPage(browser)
  const code = await createEvent(organiser, cluster, 'Two nodes')
  await organiser.goto(`${cluster.url}/e/${code}`)
  const [first, guest] = [
    await nodeOf(organiser),
    await guestElsewhere(browser, cluster, code, await nodeOf(organiser)),
  ]
  const second = await nodeOf(guest)
  expect([first, second].toSorted()).toEqual(['node-1', 'node-2'])

  const before = ['hello from one', 'hello from the other']
  await say(organiser, 'hello from one')
  await expect(message(guest, 'hello from one')).toBeVisible()
  await say(guest, 'hello from the other')
  await expect(message(organiser, 'hello from the other')).toBeVisible()

  await cluster.act('kill', second)
  await say(guest, 'my node is gone')
  await say(organiser, 'mine is not')
  const all = [...before, 'my node is gone', 'mine is not']
  for (const page of [organiser, guest]) {
    for (const text of all) {
      await expect(message(page, text)).toHaveCount(1, { timeout: BACK_MS_MAX })
      await expect(message(page, text)).not.toHaveAttribute('data-state', 'kept', { timeout: BACK_MS_MAX })
    }
  }
  await expect(guest.getByTestId('node').first()).toHaveText(`Connected to ${first}`, { timeout: BACK_MS_MAX })
  await expect(message(guest, 'my node is gone')).toHaveAttribute('data-state', 'saved', { timeout: BACK_MS_MAX })
  await expect(message(organiser, 'my node is gone')).toHaveCount(1)
  expect(await shown(guest, all)).toEqual(await shown(organiser, all))
})

/** A guest whose page is on another node than this; the registry takes turns, so that one of the first is. */
async function guestElsewhere(browser: Browser, cluster: RunningCluster, code: string, node: string): Promise<Page> {
  for (let guests = 1; guests <= GUESTS_MAX; guests++) {
    const page = await newPage(browser)
    await joinEvent(page, cluster, code, `Guest ${guests}`)
    if ((await nodeOf(page)) !== node) return page
  }
  throw new Error(`All guests are on ${node}.`)
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
