import { polls } from '../../packages/kinds/src/index.ts'
import { expect, joinEvent, test } from './event.ts'
import { Guest } from './host.ts'

/** More is for a machine of one's own: `CROWD=2000 CROWD_LONG_MS=200` is the bar of an evening. */
const PEOPLE = Number(process.env['CROWD'] ?? 120)
/** The longest that the page may be busy at a time while they vote; not asked where other work shares the machine. */
const LONG_MS = process.env['CROWD_LONG_MS'] === undefined ? null : Number(process.env['CROWD_LONG_MS'])
const AT_ONCE = 20
/** The room tells its numbers at most so often. */
const DIGESTS_PER_SECOND = 4

interface Watched {
  draws: number
  longMs: number[]
}

test('a crowd votes: each vote is counted once, and the page is told and drawn only now and then', async ({
  browser,
  server,
}, { project }) => {
  test.skip(project.name !== 'phone', 'the same code runs on every screen')
  test.setTimeout(120_000 + PEOPLE * 150)
  using host = await Guest.organise(server.url, 'A full house')
  await host.act(polls, 'draft', { title: 'Yes or no?', form: { type: 'choice', options: ['Yes', 'No'] } })
  const poll = host.room(polls).snapshot.view?.polls[0]?.id
  if (poll === undefined) throw new Error('There is no poll.')
  await host.act(polls, 'open', { poll })

  await using crowd = new AsyncDisposableStack()
  const guests: Guest[] = []
  for (let from = 0; from < PEOPLE; from += AT_ONCE) {
    const names = Array.from({ length: Math.min(AT_ONCE, PEOPLE - from) }, (_, at) => `Guest ${from + at}`)
    for (const guest of await Promise.all(
      names.map((name) => patiently(() => Guest.join(server.url, host.code, name))),
    ))
      guests.push(crowd.use(guest))
    await Promise.all(guests.slice(from).map((guest) => guest.seen(polls, ({ view }) => view !== null)))
  }

  const page = await (await browser.newContext()).newPage()
  await joinEvent(page, server, host.code, 'Ann Lee')
  await page.getByRole('tab', { name: /Polls/ }).click()
  await page.getByRole('radio', { name: 'Yes' }).click()
  const total = page.getByRole('article', { name: 'Yes or no?' }).getByText(/^\d+ votes?$/)
  await expect(total).toHaveText('1 vote')
  await total.evaluate((element) => {
    const watched: Watched = { draws: 0, longMs: [] }
    Object.assign(globalThis, { watched })
    new MutationObserver(() => watched.draws++).observe(element, {
      characterData: true,
      childList: true,
      subtree: true,
    })
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) watched.longMs.push(Math.round(duration))
    }).observe({ type: 'longtask' })
  })

  const began = performance.now()
  await Promise.all(guests.map((guest, at) => guest.room(polls).send('vote', { poll, answer: { picks: [at % 2] } })))
  await expect(total).toHaveText(`${PEOPLE + 1} votes`, { timeout: 30_000 })
  const seconds = (performance.now() - began) / 1_000
  const { draws, longMs } = await page.evaluate(() => (globalThis as unknown as { watched: Watched }).watched)
  console.log(
    `${PEOPLE} votes in ${seconds.toFixed(1)} s: drawn ${draws} times, ${longMs.length} long tasks, longest ${Math.max(0, ...longMs)} ms`,
  )
  // One more for the tally that the log gets, and one for the second that was begun.
  expect(draws).toBeLessThanOrEqual(Math.ceil(seconds + 1) * DIGESTS_PER_SECOND + 1)
  if (LONG_MS !== null) expect(Math.max(0, ...longMs)).toBeLessThanOrEqual(LONG_MS)
  await host.seen(polls, ({ view }) => view?.polls[0]?.results.votes === PEOPLE + 1)
  expect(host.room(polls).snapshot.view?.polls[0]?.results.counts).toEqual([
    1 + Math.ceil(PEOPLE / 2),
    Math.floor(PEOPLE / 2),
  ])
})

/** All come from one address, and the door lets only so many in at a time. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  const until = Date.now() + 60_000
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (Date.now() > until) throw error
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
  }
}
