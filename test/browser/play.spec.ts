import { get } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { Page } from '@playwright/test'
import { myVote, polls, questions, stage } from '../../packages/kinds/src/index.ts'
import type { FormSpec, Poll, Scene } from '../../packages/kinds/src/index.ts'
import { expect, joinEvent, keeper, look, test } from './event.ts'
import { Guest } from './host.ts'

type PollAsked = { title: string; form: FormSpec } & Partial<Pick<Poll, 'privacy' | 'show' | 'change' | 'seconds'>>

/** Looking at many screens takes its time on a busy machine. */
const LONG_MS_MAX = 300_000

/** Drafts a poll and opens it. Answers its id. */
async function ask(host: Guest, { privacy, ...spec }: PollAsked): Promise<Poll['id']> {
  await host.act(polls, 'draft', { ...spec, ...(privacy === 'named' ? { privacy } : {}) })
  const poll = host.room(polls).snapshot.view?.polls.at(-1)
  if (poll === undefined) throw new Error('There is no poll.')
  await host.act(polls, 'open', { poll: poll.id })
  return poll.id
}

async function goOn(host: Guest, title: string, scene: object, more: object = {}): Promise<void> {
  await host.act(stage, 'add', { title, scene: scene as never, plannedMs: 300_000, ...more })
  const cue = host.room(stage).snapshot.view?.staff?.cues.at(-1)
  if (cue === undefined) throw new Error('There is no cue.')
  await host.act(stage, 'go', { to: cue.id })
}

const counts = (host: Guest, id: Poll['id']) =>
  host.room(polls).snapshot.view?.polls.find((poll) => poll.id === id)?.results.counts
const EVENING: FormSpec = { type: 'choice', options: ['Tuesday', 'Wednesday', 'Thursday'], max: 1 }
const voteState = (page: Page) => page.getByRole('article', { name: 'Which evening?' }).getByRole('status')

test('from the link to a vote it is a name, Join, and one tap', async ({ browser, server }) => {
  using host = await Guest.organise(server.url, 'Three taps')
  const id = await ask(host, { title: 'Which evening?', form: EVENING })
  const page = await (await browser.newContext()).newPage()
  await page.goto(`${server.url}/e/${host.code}`)
  await page.getByRole('textbox', { name: 'Your name' }).fill('Ann Lee')
  await page.getByRole('button', { name: 'Join' }).click()
  await page.getByRole('radio', { name: 'Wednesday' }).click()
  await expect(voteState(page)).toHaveAttribute('data-state', 'saved')
  await host.seen(polls, () => counts(host, id)?.join() === '0,1,0')
})

test('[R12] a vote is saved, changed, kept on a phone that is offline and asleep, and counted once', async ({
  browser,
  server,
}, { project }) => {
  using host = await Guest.organise(server.url, 'In a tunnel')
  const id = await ask(host, { title: 'Which evening?', form: EVENING })
  const context = await browser.newContext()
  const page = await context.newPage()
  await joinEvent(page, server, host.code, 'Ann Lee')
  await look(page, 'poll-open', project.name)
  await page.getByRole('tab', { name: /Polls/ }).click()
  await page.getByRole('radio', { name: 'Tuesday' }).click()
  await expect(voteState(page)).toHaveAttribute('data-state', 'saved')
  await page.getByRole('radio', { name: 'Wednesday' }).click()
  await host.seen(polls, () => counts(host, id)?.join() === '0,1,0')
  await expect(page.getByRole('radio', { name: /Wednesday/ })).toContainText('1 vote')
  await look(page, 'poll-voted', project.name)
  await expect.poll(() => keeper(page), { timeout: 40_000 }).toBe('activated')

  await context.setOffline(true)
  await page.getByRole('radio', { name: 'Thursday' }).click()
  await expect(voteState(page)).toHaveAttribute('data-state', 'kept')
  await look(page, 'poll-kept', project.name)
  // A phone that slept long may have thrown the page away: it comes back to the same panel, with the vote.
  await page.reload()
  await expect(page.getByRole('tab', { name: /Polls/ })).toHaveAttribute('aria-selected', 'true')
  await expect(page.getByText('Your vote is kept on this device.')).toBeVisible()
  await context.setOffline(false)
  await expect(voteState(page)).toHaveAttribute('data-state', 'saved', { timeout: 30_000 })
  await expect(page.getByRole('radio', { name: /Thursday/ })).toBeChecked()
  await host.seen(polls, () => counts(host, id)?.join() === '0,0,1')

  await host.act(polls, 'close', { poll: id })
  await expect(page.getByText('Closed', { exact: true })).toBeVisible()
  await page.reload()
  await expect(voteState(page)).toHaveText(/Your vote is saved/)
})

test('[R12] a vote that is refused says why, and whoever may not change it is asked first', async ({
  browser,
  server,
}) => {
  using host = await Guest.organise(server.url, 'Once only')
  const id = await ask(host, { title: 'Which evening?', form: EVENING, change: false, show: 'revealed' })
  const context = await browser.newContext()
  const page = await context.newPage()
  await joinEvent(page, server, host.code, 'Ann Lee')
  await page.getByRole('tab', { name: /Polls/ }).click()
  await page.getByRole('radio', { name: 'Tuesday' }).click()
  await expect(page.getByText('A vote cannot be changed here.')).toBeVisible()
  await context.setOffline(true)
  await page.getByRole('button', { name: 'Vote', exact: true }).click()
  await expect(voteState(page)).toHaveAttribute('data-state', 'kept')
  await host.act(polls, 'close', { poll: id })
  await context.setOffline(false)
  await expect(voteState(page)).toHaveAttribute('data-state', 'refused', { timeout: 30_000 })
  await expect(voteState(page)).toHaveText(/not taken.*closed/i)
  await page.getByRole('button', { name: 'All right' }).click()
  await expect(voteState(page)).toHaveText('You did not vote.')
  await expect(page.getByText('The results are shown once the hosts reveal them.')).toBeVisible()
})

test('every form of poll takes an answer and shows what came of it', async ({ browser, server }, { project }) => {
  test.setTimeout(LONG_MS_MAX)
  using host = await Guest.organise(server.url, 'All sorts')
  using other = await Guest.join(server.url, host.code, 'Bob Stone')
  const page = await (await browser.newContext()).newPage()
  await joinEvent(page, server, host.code, 'Ann Lee')
  const card = (title: string) => page.getByRole('article', { name: title })
  const vote = (poll: Poll['id'], answer: object) => other.act(polls, 'vote', { poll, answer: answer as never })

  const needs = await ask(host, {
    title: 'What do you need?',
    form: { type: 'choice', options: ['Childcare', 'A ride', 'Sign language'], max: 2 },
    privacy: 'named',
  })
  const rating = await ask(host, { title: 'How was it?', form: { type: 'rating', steps: 5, low: 'Bad', high: 'Good' } })
  const words = await ask(host, { title: 'In a word', form: { type: 'words', max: 2 } })
  const text = await ask(host, { title: 'What next?', form: { type: 'text' } })
  await page.getByRole('tab', { name: /Polls/ }).click()
  await look(page, 'polls-all', project.name)
  await vote(needs, { picks: [0] })
  await vote(rating, { rating: 3 })
  await vote(words, { words: ['hope', 'warm'] })
  await vote(text, { text: 'More coffee' })

  const several = card('What do you need?')
  await expect(several).toContainText('Everyone can see how you vote.')
  await several.getByRole('checkbox', { name: 'Childcare' }).click()
  await several.getByRole('checkbox', { name: 'A ride' }).click()
  await expect(several.getByRole('checkbox', { name: 'Sign language' })).toBeDisabled()
  await several.getByRole('button', { name: 'Vote', exact: true }).click()
  await expect(several.getByRole('status')).toHaveAttribute('data-state', 'saved')
  await expect(several.getByRole('checkbox', { name: /Childcare/ })).toContainText('Bob Stone')

  await card('How was it?').getByRole('radio', { name: '4 of 5' }).click()
  await expect(card('How was it?')).toContainText('3.5')
  await card('In a word').getByRole('textbox').fill('Hope, loud')
  await card('In a word').getByRole('button', { name: 'Send' }).click()
  await expect(card('In a word').getByRole('list', { name: 'Words', exact: true })).toContainText('hope, 2 times')
  await card('What next?').getByRole('textbox').fill('<b>Less</b> coffee')
  await card('What next?').getByRole('button', { name: 'Send' }).click()
  await expect(card('What next?').getByRole('list', { name: 'Answers' })).toContainText('<b>Less</b> coffee')
  await expect(card('What next?').getByRole('list', { name: 'Answers' })).toContainText('More coffee')
  await look(page, 'polls-answered', project.name)

  await host.act(polls, 'close', { poll: needs })
  const quiz = await ask(host, {
    title: 'When was the hall built?',
    form: { type: 'choice', options: ['1888', '1926'], max: 1, quiz: { right: [1], points: 500, speed: false } },
    privacy: 'named',
    show: 'revealed',
    seconds: 600,
  })
  await vote(quiz, { picks: [0] })
  await card('When was the hall built?').getByRole('radio', { name: '1926' }).click()
  await expect(card('When was the hall built?').getByRole('status')).toHaveAttribute('data-state', 'saved')
  await expect(card('When was the hall built?').getByRole('timer')).toBeVisible()
  // Nobody is told what the others chose before it is revealed.
  await expect(card('When was the hall built?').getByText('%')).toHaveCount(0)
  await host.act(polls, 'close', { poll: quiz })
  await host.act(polls, 'reveal', { poll: quiz })
  await expect(card('When was the hall built?').getByRole('status')).toHaveText('500 points for you.')
  await expect(card('When was the hall built?')).toContainText('Right answer')
  await expect(page.getByRole('region', { name: 'Leaderboard' })).toContainText('Ann Lee (you)')
  await page.getByRole('region', { name: 'Leaderboard' }).scrollIntoViewIfNeeded()
  await look(page, 'polls-quiz', project.name)
  expect(other.room(polls).snapshot.mine?.points).toBe(0)
  const seen = host.room(polls).snapshot.view?.polls.find(({ id }) => id === quiz)
  const own = other.room(polls).snapshot.mine
  expect(seen !== undefined && own !== null && myVote(own, seen)?.points).toBe(0)
})

test('[R12] a question is asked without a name, waits, is approved, voted for, answered and taken back', async ({
  browser,
  server,
}, { project }) => {
  using host = await Guest.organise(server.url, 'Questions and answers')
  const context = await browser.newContext()
  const ann = await context.newPage()
  const bob = await (await browser.newContext()).newPage()
  await joinEvent(ann, server, host.code, 'Ann Lee')
  await joinEvent(bob, server, host.code, 'Bob Stone')
  for (const page of [ann, bob]) await page.getByRole('tab', { name: /Q&A/ }).click()
  await look(ann, 'questions-empty', project.name)

  await host.act(questions, 'hold', { on: true })
  await ann.getByRole('textbox', { name: 'Your question' }).fill('Who decides?')
  await expect(ann.getByText('You ask as Ann Lee. Everyone sees your name.')).toBeVisible()
  await ann.getByRole('switch', { name: 'Ask without my name' }).click()
  await expect(ann.getByText('The audience does not see your name. The hosts do.')).toBeVisible()
  await expect(ann.getByText('The hosts read each question before it is shown.')).toBeVisible()
  await look(ann, 'questions-asking', project.name)
  await ann.getByRole('button', { name: 'Ask', exact: true }).click()
  const waiting = ann.getByRole('article', { name: 'Your question, waiting for approval' })
  await expect(waiting).toContainText('Who decides?')
  await waiting.getByRole('button', { name: 'Edit' }).click()
  await waiting.getByRole('textbox', { name: 'Your question' }).fill('Who decides about the hall?')
  await waiting.getByRole('button', { name: 'Save' }).click()
  await expect(waiting).toContainText('Who decides about the hall?')
  await host.seen(questions, ({ view }) => view?.staff?.held[0]?.text === 'Who decides about the hall?')
  await expect(bob.getByText('Who decides about the hall?')).toHaveCount(0)

  const [held] = host.room(questions).snapshot.view?.staff?.held ?? []
  await host.act(questions, 'approve', { target: held?.seq ?? 0 })
  const shown = (page: Page) => page.getByRole('article', { name: 'Who decides about the hall?' })
  await expect(shown(bob)).toContainText('Anonymous')
  await expect(shown(ann)).toContainText('You')
  await bob.getByRole('button', { name: /Vote for this question/ }).click()
  await expect(bob.getByRole('button', { name: /Vote for this question, 1 vote/ })).toHaveAttribute(
    'aria-pressed',
    'true',
  )
  await expect(shown(ann)).toContainText('1')
  const target = host.room(questions).snapshot.view?.questions[0]?.seq ?? 0
  await host.act(questions, 'pin', { target, on: true })
  await host.act(questions, 'mark', { target, as: 'live' })
  await host.act(questions, 'reply', { target, text: 'The members do, in May.' })
  await expect(shown(ann)).toContainText('Being answered now')
  await expect(shown(ann)).toContainText('The members do, in May.')
  await look(bob, 'questions-live', project.name)

  // Typed in a tunnel, it is kept and says so.
  await context.setOffline(true)
  await ann.getByRole('textbox', { name: 'Your question' }).fill('And the roof?')
  await ann.getByRole('button', { name: 'Ask', exact: true }).click()
  await expect(ann.getByRole('article', { name: 'Your question' })).toContainText('Kept on this device')
  await context.setOffline(false)
  await host.seen(questions, ({ view }) => view?.staff?.held[0]?.text === 'And the roof?')

  await shown(ann).getByRole('button', { name: 'Take back' }).click()
  await shown(ann).getByRole('button', { name: 'Take it back' }).click()
  await expect(shown(bob)).toHaveCount(0)
})

test('the page follows the stage without a reload: scenes, captions, announcements, panels, a hold', async ({
  browser,
  server,
}, { project }) => {
  test.setTimeout(LONG_MS_MAX)
  using host = await Guest.organise(server.url, 'A whole evening')
  const page = await (await browser.newContext()).newPage()
  await joinEvent(page, server, host.code, 'Ann Lee')
  const onStage = page.getByRole('region', { name: 'Stage' })
  await expect(onStage).toHaveCount(0)
  await page.evaluate(() => Object.assign(window, { notReloaded: true }))

  await goOn(host, 'Doors', { layout: 'welcome', countdown: true, text: 'Welcome to the hall' })
  await expect(onStage.getByRole('heading', { name: 'Welcome to the hall' })).toBeVisible()
  await expect(onStage.getByRole('timer')).toHaveText(/^(5:00|4:5\d)$/)
  await look(page, 'stage-welcome', project.name)

  // Applause of others rises over it, without a name and without a trace.
  using other = await Guest.join(server.url, host.code, 'Bob Stone')
  await other.seen(stage, ({ view }) => view !== null)
  await onStage.getByRole('button', { name: 'React' }).click()
  await onStage.getByRole('button', { name: 'Applause' }).click()
  other.room(stage).signal('react', { party: 3 })
  await expect(onStage.getByText('👏').nth(1)).toBeAttached()
  await expect(onStage.getByText('🎉').nth(1)).toBeAttached()
  await onStage.getByRole('button', { name: 'Close reactions' }).click()

  await goOn(host, 'Opening', { layout: 'card', text: 'Why boats float', detail: 'Grace Moreau, shipwright' })
  await expect(onStage.getByRole('heading', { name: 'Why boats float' })).toBeVisible()
  await expect(onStage).toContainText('Grace Moreau, shipwright')
  await look(page, 'stage-card', project.name)

  await goOn(
    host,
    'Talk',
    { layout: 'image', url: '/mark.svg', alt: 'The mark of the house' },
    { lowerThird: { title: 'Dr. Grace Moreau', detail: 'Institute for Assembly' }, announcement: 'Lunch is at noon.' },
  )
  await expect(onStage.getByRole('img', { name: 'The mark of the house' })).toBeVisible()
  await expect(onStage).toContainText('Dr. Grace Moreau')
  await expect(page.getByRole('status', { name: 'Announcement' })).toHaveText('Lunch is at noon.')
  await look(page, 'stage-image', project.name)
  await host.act(stage, 'announce', { text: null })
  await expect(page.getByRole('status', { name: 'Announcement' })).toHaveText('')

  await goOn(host, 'Film', { layout: 'video', url: 'https://youtu.be/dQw4w9WgXcQ', text: 'The film' })
  await expect(onStage.getByTitle('The film')).toHaveAttribute(
    'src',
    'https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ',
  )
  await host.act(stage, 'panels', { panels: ['questions'] })
  await expect(page.getByRole('tab', { name: /Chat/ })).toHaveCount(0)
  await expect(page.getByRole('textbox', { name: 'Your question' })).toBeVisible()
  await host.act(stage, 'panels', { panels: ['chat', 'questions', 'polls'] })
  await expect(page.getByRole('tab', { name: /Chat/ })).toBeVisible()

  await host.act(stage, 'hold', { text: 'A word with the technicians' })
  await expect(onStage.getByRole('heading', { name: 'A word with the technicians' })).toBeVisible()
  // What is held cannot be heard either.
  await expect(onStage.getByTitle('The film')).toHaveCount(0)
  await look(page, 'stage-hold', project.name)
  await host.act(stage, 'resume', {})

  const room = host.room(polls).id
  const poll = await ask(host, { title: 'Which evening?', form: EVENING })
  await goOn(host, 'Vote', { layout: 'poll', room, item: poll } satisfies Scene)
  await onStage.getByRole('radio', { name: 'Thursday' }).click()
  await expect(onStage.getByRole('status')).toHaveAttribute('data-state', 'saved')
  await look(page, 'stage-poll', project.name)

  await host.act(questions, 'ask', { text: 'What will change for members?' })
  const question = host.room(questions).snapshot.view?.questions[0]?.seq ?? 0
  await host.act(questions, 'mark', { target: question, as: 'live' })
  await goOn(host, 'Questions', { layout: 'questions', room: host.room(questions).id })
  await expect(onStage).toContainText('What will change for members?')
  await look(page, 'stage-questions', project.name)

  await goOn(host, 'Good night', { layout: 'end', text: 'Get home safely' })
  await expect(onStage.getByRole('heading', { name: 'Get home safely' })).toBeVisible()
  await look(page, 'stage-end', project.name)
  expect(await page.evaluate(() => 'notReloaded' in window)).toBe(true)
})

/** What a browser without newer encodings would be sent, in bytes. */
async function gzippedBytes(url: string): Promise<number> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { headers: { 'accept-encoding': 'gzip' } }, resolve).on('error', reject)
  })
  let bytes = 0
  for await (const chunk of answer) bytes += (chunk as Buffer).length
  return bytes
}

test('the first load of the play page is at most 200 KB of JavaScript, gzipped', async ({ browser, server }, {
  project,
}) => {
  test.skip(project.name !== 'phone', 'the same files come to every screen')
  using host = await Guest.organise(server.url, 'Light')
  await ask(host, { title: 'Which evening?', form: EVENING })
  const context = await browser.newContext({ serviceWorkers: 'block' })
  const page = await context.newPage()
  const scripts = new Set<string>()
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script') scripts.add(response.url())
  })
  await joinEvent(page, server, host.code, 'Ann Lee')
  await expect(page.getByRole('radio', { name: 'Tuesday' })).toBeVisible()
  const sizes = await Promise.all([...scripts].map(gzippedBytes))
  const total = sizes.reduce((sum, size) => sum + size, 0)
  console.log(`first load: ${total} bytes of JavaScript, gzipped, in ${sizes.length} files`)
  expect(total).toBeLessThanOrEqual(200 * 1_024)
})
