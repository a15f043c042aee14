import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Seq } from './ids.ts'
import { questions } from './questions.ts'
import type { QuestionsEntry, QuestionsView } from './questions/model.ts'
import { sees } from './testing/audiences.ts'
import { kindLaws, type AskOf, type Scene } from './testing/laws.ts'
import { PEOPLE, Play, stepsOf, type PlayedKind } from './testing/play.ts'

type Ask = AskOf<typeof questions.commands>
type Test = (entry: QuestionsEntry, scene: Scene) => boolean

const isQuestion: Test = ({ type, body }) => (type === 'ask' && body.held !== true) || type === 'approve'
const isHeld: Test = ({ type, body }) => type === 'ask' && body.held === true
const isMine: Test = (entry, scene) =>
  (entry.type === 'yours' || isQuestion(entry, scene)) &&
  (entry.type === 'approve' ? entry.body.question.by?.id : entry.by?.id) === scene.me.id
const isBinned: Test = ({ type, body }) =>
  type === 'merge' || type === 'reject' || (type === 'mark' && (body.as === 'archived' || body.as === 'dismissed'))
const isReply: Test = ({ type }) => type === 'reply'

/** Mostly one of the newest of these, sometimes any other entry, or none at all. */
const aimed = (...tests: Test[]) =>
  fc.tuple(fc.nat({ max: 15 }), fc.nat({ max: 999 })).map(([aim, pick]) => (scene: Scene): QuestionsEntry | Seq => {
    const entries = scene.entries as readonly QuestionsEntry[]
    const fitting = entries.filter((entry) => tests.every((test) => test(entry, scene)))
    const list = aim === 0 ? entries : aim < 3 ? fitting : fitting.slice(-6)
    return list[pick % Math.max(1, list.length)] ?? pick
  })
const seqOf = (found: QuestionsEntry | Seq): Seq => {
  if (typeof found === 'number') return found
  return found.type === 'yours' ? found.seq - found.body.back : found.seq
}
const targetOf = (found: QuestionsEntry | Seq): Seq =>
  typeof found === 'object' && 'target' in found.body ? found.body.target : seqOf(found)

const target = aimed(isQuestion)
const own = aimed(isMine)
const held = aimed(isHeld)
const on = fc.boolean()
const ask = <A>(from: fc.Arbitrary<A>, make: (given: A, scene: Scene) => Ask): fc.Arbitrary<(scene: Scene) => Ask> =>
  from.map((given) => (scene) => make(given, scene))

const asking = ask(fc.option(on), (anonymous, scene) => ({
  type: 'ask',
  body: { text: scene.words(), ...(anonymous === null ? {} : { anonymous }) },
}))
const voting = ask(fc.record({ target, on: fc.nat({ max: 3 }) }), (given, scene) => ({
  type: 'vote',
  body: { target: seqOf(given.target(scene)), on: given.on > 0 },
}))
const staying = [
  ask(fc.record({ aim: fc.oneof(held, own), same: fc.nat({ max: 5 }) }), ({ aim, same }, scene) => {
    const seq = seqOf(aim(scene))
    // The same as before, and yet nobody else's words: what is taken back here must not stand there.
    return { type: 'edit', body: { target: seq, text: same === 0 ? `⟨same ${seq}⟩` : scene.words() } }
  }),
  ask(held, (aim, scene) => ({ type: 'approve', body: { target: seqOf(aim(scene)) } })),
  ask(fc.record({ target, as: fc.constantFrom('open', 'live', 'answered') }), (given, scene) => ({
    type: 'mark',
    body: { target: seqOf(given.target(scene)), as: given.as },
  })),
  ask(fc.record({ target, on }), (given, scene) => ({
    type: 'pin',
    body: { target: seqOf(given.target(scene)), on: given.on },
  })),
  ask(target, (aim, scene) => ({ type: 'reply', body: { target: seqOf(aim(scene)), text: scene.words() } })),
  ask(aimed(isReply), (aim, scene) => {
    const found = aim(scene)
    return { type: 'unreply', body: { target: targetOf(found), reply: seqOf(found) } }
  }),
]
const leaving = [
  ask(fc.oneof(own, own, held), (aim, scene) => ({ type: 'delete', body: { target: seqOf(aim(scene)) } })),
  ask(held, (aim, scene) => ({ type: 'reject', body: { target: seqOf(aim(scene)) } })),
  ask(fc.record({ target, as: fc.constantFrom('archived', 'dismissed') }), (given, scene) => ({
    type: 'mark',
    body: { target: seqOf(given.target(scene)), as: given.as },
  })),
  ask(fc.record({ target, into: target }), (given, scene) => ({
    type: 'merge',
    body: { target: seqOf(given.target(scene)), into: seqOf(given.into(scene)) },
  })),
]
const returning = ask(aimed(isBinned), (aim, scene) => ({ type: 'restore', body: { target: targetOf(aim(scene)) } }))
const governing = [
  ask(on, (hold) => ({ type: 'hold', body: { on: hold } })),
  ask(fc.nat({ max: 3 }), (close) => ({ type: 'close', body: { on: close === 0 } })),
]

const settings = fc.oneof(
  fc.constant({}),
  fc.record({ hold: fc.boolean(), anonymous: fc.constantFrom('off', 'audience', 'everyone') }, { requiredKeys: [] }),
)
const command = fc.oneof(
  { weight: 5, arbitrary: asking },
  { weight: 5, arbitrary: voting },
  { weight: 5, arbitrary: fc.oneof(...staying) },
  { weight: 4, arbitrary: fc.oneof(...leaving) },
  { weight: 3, arbitrary: returning },
  { weight: 1, arbitrary: fc.oneof(...governing) },
)

/** Without the votes: they are told of all questions at once, so a page of history has those of its time. */
const shown = (view: QuestionsView) => view.questions.map((question) => ({ ...question, votes: 0 }))

kindLaws(questions, { settings, command, history: shown, runs: 100, steps: { minLength: 0, maxLength: 60 } })

// Long, so that the bins overflow and what was merged comes and goes.
kindLaws(questions, { settings, command, history: shown, runs: 6, steps: { minLength: 250, maxLength: 350 } })

it('[R6] whoever asks without a name is named to nobody whom they are hidden from, whatever happens to the question', () => {
  const hiddenFrom = fc.constantFrom('audience' as const, 'everyone' as const)
  const plays = stepsOf(command, { minLength: 10, maxLength: 60 })
  const kind = questions as unknown as PlayedKind
  fc.assert(
    fc.property(hiddenFrom, fc.boolean(), plays, (anonymous, hold, steps) => {
      const play = new Play(kind, questions.settings.parse({ anonymous, hold }), PEOPLE)
      const secret = PEOPLE.findIndex(({ id, role }) => id === 'id-attendee' && role === 'attendee')
      let at = 1_700_000_000_000
      for (const step of steps) {
        at += step.afterMs
        // This one never asks with a name.
        const make: typeof step.make = (scene) => {
          const asked = step.make(scene)
          if (asked.type === 'ask') return { type: 'ask', body: { ...(asked.body as object), anonymous: true } }
          return asked
        }
        Array.from(play.take(step.who % PEOPLE.length === secret ? { ...step, make } : step, at))
      }
      const audiences = anonymous === 'everyone' ? (['everyone', 'staff'] as const) : (['everyone'] as const)
      for (const audience of audiences) {
        const seen = play.log.filter((one) => sees(one, { audience, me: null })).map(({ entry }) => entry)
        const told = JSON.stringify([
          seen,
          play.kind.view(play.state, audience),
          play.kind.digest?.(play.state, audience),
        ])
        expect(told).not.toContain('id-attendee')
      }
    }),
    { numRuns: 150 },
  )
})
