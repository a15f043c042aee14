import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isRefusal } from './kind.ts'
import { polls } from './polls.ts'
import type { Answer, Poll, PollId, PollsDigest, PollsEntry, PollsState, PollsView } from './polls/model.ts'
import { sees } from './testing/audiences.ts'
import { kindLaws, type AskOf, type Scene } from './testing/laws.ts'
import { PEOPLE, Play, stepsOf, type Moment, type PlayedKind } from './testing/play.ts'

type Ask = AskOf<typeof polls.commands>

const NOBODYS = '00000000-0000-4000-8000-00000000dead'
/** Mostly one of the newest polls, sometimes any other, or none. */
const target = fc.tuple(fc.nat({ max: 12 }), fc.nat({ max: 999 })).map(([aim, pick]) => (scene: Scene): string => {
  const drafted = (scene.entries as readonly PollsEntry[]).filter(({ type }) => type === 'draft')
  const list = aim === 0 ? drafted : drafted.slice(-3)
  return list[pick % Math.max(1, list.length)]?.id ?? NOBODYS
})
const on = fc.boolean()
const ask = <A>(from: fc.Arbitrary<A>, make: (given: A, scene: Scene) => Ask): fc.Arbitrary<(scene: Scene) => Ask> =>
  from.map((given) => (scene) => make(given, scene))

const choice = fc.record({
  options: fc.integer({ min: 2, max: 5 }),
  max: fc.integer({ min: 1, max: 2 }),
  quiz: fc.option(fc.record({ right: fc.nat({ max: 1 }), points: fc.nat({ max: 1_000 }), speed: on })),
})
const spec = fc.record({
  form: fc.oneof(
    choice,
    fc.constantFrom({ rating: 2 }, { rating: 5 }),
    fc.constantFrom({ words: 1 }, { words: 3 }),
    fc.constant({ text: true }),
  ),
  privacy: fc.constantFrom('named' as const, 'hidden' as const, 'secret' as const),
  show: fc.constantFrom('live' as const, 'revealed' as const),
  change: on,
  seconds: fc.option(fc.integer({ min: 5, max: 300 })),
})
type Spec = typeof spec extends fc.Arbitrary<infer T> ? T : never

function formOf(form: Spec['form'], scene: Scene): Extract<Ask, { type: 'draft' }>['body']['form'] {
  if ('rating' in form) return { type: 'rating', steps: form.rating, low: scene.words(), high: scene.words() }
  if ('words' in form) return { type: 'words', max: form.words }
  if ('text' in form) return { type: 'text' }
  const { quiz, max } = form
  const options = Array.from({ length: form.options }, () => scene.words())
  return { type: 'choice', options, max, ...(quiz === null ? {} : { quiz: { ...quiz, right: [quiz.right] } }) }
}
const specOf = (given: Spec, scene: Scene) => ({ ...given, title: scene.words(), form: formOf(given.form, scene) })

/** What somebody answers: words of their own, and some that many use. */
const answer = fc
  .record({
    kind: fc.nat({ max: 9 }),
    picks: fc.oneof(
      fc.nat({ max: 1 }).map((index) => [index]),
      fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 3 }),
    ),
    rating: fc.integer({ min: 1, max: 6 }),
    common: fc.constantFrom('open', 'Kind', 'constructor', '42'),
  })
  .map(({ kind, picks, rating, common }) => (scene: Scene, poll: string): Answer => {
    const form = (scene.entries as readonly PollsEntry[]).findLast(
      ({ type, body, id }) => (type === 'draft' && id === poll) || (type === 'edit' && body.poll === poll),
    )
    const drawn = form?.type === 'draft' ? form.body.poll : form?.type === 'edit' ? form.body.spec : null
    const wanted = kind === 0 ? ['choice', 'rating', 'words', 'text'][rating % 4] : (drawn?.form.type ?? 'choice')
    if (wanted === 'rating') return { rating }
    if (wanted === 'words') return { words: [common, scene.words()].slice(0, 1 + (rating % 2)) }
    return wanted === 'text' ? { text: rating < 3 ? common : scene.words() } : { picks }
  })

const drafting = ask(spec, (given, scene) => ({ type: 'draft', body: specOf(given, scene) }))
const voting = ask(fc.record({ target, answer }), (given, scene) => {
  const poll = given.target(scene)
  return { type: 'vote', body: { poll, answer: given.answer(scene, poll) } }
})
const of = (type: 'open' | 'close' | 'reveal' | 'reopen' | 'archive' | 'restore' | 'remove') =>
  ask(target, (aim, scene) => ({ type, body: { poll: aim(scene) } }))
const editing = ask(fc.record({ target, spec }), (given, scene) => ({
  type: 'edit',
  body: { poll: given.target(scene), ...specOf(given.spec, scene) },
}))
const hiding = ask(fc.record({ pick: fc.nat({ max: 99 }), target, on }), ({ pick, target: aim, on: hide }, scene) => {
  const written = (scene.entries as readonly PollsEntry[]).flatMap(({ type, body }) => {
    if (type !== 'vote') return []
    const { poll, answer: given } = body
    const texts = 'text' in given ? [given.text] : 'words' in given ? given.words : []
    return texts.map((text) => ({ poll, text }))
  })
  const { poll, text } = written[pick % Math.max(1, written.length)] ?? { poll: aim(scene) as PollId, text: 'x' }
  return { type: 'hide', body: { poll, text, on: hide } }
})

const drafts = fc.uniqueArray(
  fc.record({
    id: fc.uuid({ version: 4 }),
    title: fc.constantFrom('First', 'Second'),
    form: fc.constantFrom<object>(
      { type: 'text' },
      { type: 'choice', options: ['a', 'b'], quiz: { right: [1], points: 10, speed: true } },
    ),
  }),
  { selector: ({ id }) => id, maxLength: 3 },
)
const settings = fc.oneof(fc.constant({}), fc.record({ drafts }))
const command = fc.oneof(
  { weight: 2, arbitrary: drafting },
  { weight: 5, arbitrary: of('open') },
  { weight: 12, arbitrary: voting },
  { weight: 2, arbitrary: of('close') },
  { weight: 3, arbitrary: fc.oneof(of('reveal'), of('reopen')) },
  { weight: 2, arbitrary: fc.oneof(of('archive'), of('restore'), of('remove'), editing, hiding) },
  { weight: 2, arbitrary: fc.constant(() => ({ type: 'clearBoard', body: {} }) as const) },
)
const steps = { minLength: 0, maxLength: 60 }

kindLaws(polls, { settings, command, runs: 100, steps })
kindLaws(polls, { settings, command, runs: 6, steps: { minLength: 250, maxLength: 300 } })

/** Plays rooms and looks at each after every step. */
function everyMoment(
  look: (play: Play, moment: Moment) => void,
  size = { minLength: 10, maxLength: 80 },
  effort: { numRuns: number; seed?: number } = { numRuns: 100 },
): void {
  fc.assert(
    fc.property(stepsOf(command, size), (taken) => {
      const play = new Play(polls as unknown as PlayedKind, polls.settings.parse({}), PEOPLE)
      let at = 1_700_000_000_000
      for (const step of taken) {
        at += step.afterMs
        for (const moment of play.take(step, at)) look(play, moment)
      }
    }),
    effort,
  )
}

it('every vote in the state is counted once, and nothing else is', () => {
  everyMoment(({ state }) => {
    const { polls: all, voteCount } = state as PollsState
    let votes = 0
    for (const { shown, ballots, counts, words, texts, ...stored } of Object.values(all)) {
      const given = Object.values(ballots).map((ballot) => ballot.answer)
      votes += given.length
      if (shown.sealed) continue
      expect(stored.votes).toBe(given.length)
      const sum = (list: readonly number[]) => list.reduce((total, each) => total + each, 0)
      const picked = given.map((each) => ('picks' in each ? each.picks.length : 'rating' in each ? 1 : 0))
      expect(sum(counts)).toBe(sum(picked))
      expect(sum(Object.values(words))).toBe(sum(given.map((each) => ('words' in each ? each.words.length : 0))))
      expect(texts.length).toBe(given.filter((each) => 'text' in each).length)
    }
    expect(voteCount).toBe(votes)
  })
})

it('[R6] results that are not shown, right answers that are not revealed, and hidden names reach no one but staff', () => {
  everyMoment((play) => {
    const { polls: all } = play.state as PollsState
    const told = play.log.filter((one) => sees(one, { audience: 'everyone', me: null })).map(({ entry }) => entry)
    const seen = (play.kind.view(play.state, 'everyone') as PollsView).polls
    const digest = play.kind.digest?.(play.state, 'everyone') as PollsDigest | null
    for (const { shown, right } of Object.values(all)) {
      const shownTo = seen.filter(({ id }) => id === shown.id)
      const announced = told.flatMap(({ type, body }) => (isPoll(type) ? [(body as { poll: Poll }).poll] : []))
      const results = [
        ...shownTo.map((poll) => poll.results),
        ...told.flatMap(({ type, body }) => (type === 'tally' ? resultsIn(body, shown.id) : [])),
        ...resultsIn(digest, shown.id),
      ]
      if (shown.privacy === 'hidden') expect(JSON.stringify(results)).not.toMatch(/"(?:names|by)":/)
      if (shown.revealed) continue
      for (const poll of [...shownTo, ...announced.filter(({ id }) => id === shown.id)])
        expect([right, poll.right]).toEqual([right, undefined])
      if (shown.show === 'revealed') for (const each of results) expect(Object.keys(each)).toEqual(['votes'])
    }
  })
})

const isPoll = (type: string) => type === 'open' || type === 'restore'

function resultsIn(from: unknown, poll: PollId): object[] {
  const found = (from as { results: Record<PollId, object> } | null)?.results[poll]
  return found === undefined ? [] : [found]
}

it('the plays above come to everything that can happen', () => {
  const met = new Set<string>()
  const refused = new Set<string>()
  everyMoment(
    (_, { outcome, logged }) => {
      if (outcome !== null && isRefusal(outcome)) refused.add(outcome.refused)
      for (const { entry } of logged) met.add(entry.type)
    },
    { minLength: 250, maxLength: 300 },
    { numRuns: 150, seed: 1 },
  )
  expect([...met].toSorted()).toEqual(
    'archive board clearBoard close counted draft edit hide open remove reopen restore reveal tally vote'.split(' '),
  )
  for (const word of ['closed', 'voted_already', 'wrong_answer', 'answers_known', 'still_open'])
    expect(refused).toContain(word)
})
