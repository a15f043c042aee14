import type { Browser, Page } from '@playwright/test'
import { RunningCluster } from '../../scripts/cluster/running.ts'
import { possibleLog } from '../cluster/possible-log.ts'
import { createDocument, hashOf, joinDocument, paragraphs, status, writing } from './document.ts'
import { expect, test } from './event.ts'

const START_MS_MAX = 120_000
/** The lease of the dead node runs out, and its page backs off from where it was. */
const BACK_MS_MAX = 60_000
const GUESTS_MAX = 4
const SENTENCES = 12

test('[R12] two people on two nodes write in one paragraph at once, one of them offline for a while, and a node is killed: both end with the same text and nothing is missing', async ({
  browser,
}, { project }) => {
  test.skip(project.name !== 'desktop', 'nothing in it is about the size of the page')
  test.setTimeout(START_MS_MAX + 4 * BACK_MS_MAX)
  const log = await possibleLog()
  test.skip(log === null, 'the engines of a cluster are not there')
  if (log === null) return
  await using cluster = await RunningCluster.start({
    log,
    zones: ['north', 'north'],
    progress: (line) => console.log(line),
  })
  const ann = await newPage(browser)
  const address = await createDocument(ann, cluster.url, 'Two nodes')
  await writing(ann).click()
  await ann.keyboard.type('Begin.')
  await expect(status(ann)).toContainText('Saved')
  await ann.getByRole('button', { name: 'Share' }).click()
  await ann.getByLabel('Attendee').selectOption('edit')
  await ann.getByRole('dialog').getByRole('button', { name: 'Close' }).click()

  const first = await nodeOf(ann)
  const bob = await guestElsewhere(browser, address, first)
  const second = await nodeOf(bob)
  expect([first, second].toSorted()).toEqual(['node-1', 'node-2'])
  await expect(writing(bob)).toHaveText('Begin.')

  // At once, into the same paragraph: one behind its end, one before its start.
  await writing(bob).click()
  await bob.keyboard.press('Control+Home')
  await writing(ann).click()
  await ann.keyboard.press('Control+End')
  const typed = [sentences('Ann'), sentences('Bob')] as const
  await Promise.all([
    ann.keyboard.type(` ${typed[0].join(' ')}`, { delay: 15 }),
    bob.keyboard.type(`${typed[1].join(' ')} `, { delay: 15 }),
  ])
  await expect(writing(ann).locator('.caret')).toHaveCount(1)
  await expect(writing(bob).locator('.caret')).toHaveAttribute('data-name', /.+/)
  await same(ann, bob, [...typed[0], ...typed[1], 'Begin.'])

  // Offline for a while, both go on.
  await bob.context().setOffline(true)
  await bob.keyboard.press('Control+End')
  await bob.keyboard.type(' Bob wrote this away.')
  await expect(status(bob)).toHaveAttribute('data-status', 'kept', { timeout: BACK_MS_MAX })
  await ann.keyboard.press('Control+Home')
  await ann.keyboard.type('Ann wrote this meanwhile. ')
  await bob.context().setOffline(false)
  await same(ann, bob, ['Bob wrote this away.', 'Ann wrote this meanwhile.'])

  // The node under one of them dies while both are writing.
  await ann.keyboard.press('Control+End')
  const killed = cluster.act('kill', second)
  await Promise.all([
    ann.keyboard.type(' Ann went on over it.', { delay: 40 }),
    bob.keyboard.type(' Bob went on over it.', { delay: 40 }),
    killed,
  ])
  await expect(status(bob)).toHaveAttribute('data-node', first, { timeout: BACK_MS_MAX })
  for (const page of [ann, bob])
    await expect(status(page)).toHaveAttribute('data-status', 'saved', { timeout: BACK_MS_MAX })
  const written = (await paragraphs(ann)).join('').split('')
  for (const [name, text] of [
    ['Ann', 'Ann went on over it.'],
    ['Bob', 'Bob went on over it.'],
  ] as const)
    // Both wrote at the end, so that their words may lie in each other; each letter is there.
    expect(subsequence(written, text), name).toBe(true)
  await expect.poll(async () => (await hashOf(ann)) === (await hashOf(bob)), { timeout: BACK_MS_MAX }).toBe(true)
  await ann.reload()
  await expect(writing(ann)).toBeVisible()
  await expect.poll(async () => (await hashOf(ann)) === (await hashOf(bob)), { timeout: BACK_MS_MAX }).toBe(true)
})

const sentences = (name: string) => Array.from({ length: SENTENCES }, (_, index) => `${name} says ${index + 1}.`)

/** Both pages show the same, with all of these in it. */
async function same(one: Page, other: Page, wanted: readonly string[]): Promise<void> {
  for (const page of [one, other]) {
    for (const text of wanted)
      await expect.poll(async () => (await paragraphs(page)).join('\n'), { timeout: BACK_MS_MAX }).toContain(text)
    await expect(status(page)).toHaveAttribute('data-status', 'saved', { timeout: BACK_MS_MAX })
  }
  await expect.poll(async () => (await hashOf(one)) === (await hashOf(other)), { timeout: BACK_MS_MAX }).toBe(true)
}

function subsequence(all: readonly string[], wanted: string): boolean {
  let at = 0
  for (const letter of all) if (letter === wanted[at]) at += 1
  return at === wanted.length
}

/** A guest whose page is on another node than this; the registry takes turns, so that one of the first is. */
async function guestElsewhere(browser: Browser, address: string, node: string): Promise<Page> {
  for (let guests = 1; guests <= GUESTS_MAX; guests++) {
    const page = await newPage(browser)
    await joinDocument(page, address, `Guest ${guests}`)
    if ((await nodeOf(page)) !== node) return page
  }
  throw new Error(`All guests are on ${node}.`)
}

async function newPage(browser: Browser): Promise<Page> {
  return await (await browser.newContext()).newPage()
}

/** The node that a page says it is on. */
async function nodeOf(page: Page): Promise<string> {
  await expect(status(page)).toHaveAttribute('data-node', /^node-\d+$/)
  return (await status(page).getAttribute('data-node')) ?? ''
}
