import fc from 'fast-check'
import { chat } from './chat.ts'
import type { ChatEntry, ChatView } from './chat/model.ts'
import type { Seq, UserId } from './ids.ts'
import { kindLaws, type AskOf, type Scene } from './testing/laws.ts'

type Ask = AskOf<typeof chat.commands>

const EMOJI = ['👍', '❤️', '👩‍🚀', '🇨🇭', '1️⃣'] as const

const isMessage = (entry: ChatEntry) => (entry.type === 'post' && entry.body.held !== true) || entry.type === 'approve'
const isHeld = (entry: ChatEntry) => entry.type === 'post' && entry.body.held === true
const isMine = (entry: ChatEntry, { me }: Scene) =>
  (entry.type === 'approve' ? entry.body.message.by.id : entry.by?.id) === me.id

type Test = (entry: ChatEntry, scene: Scene) => boolean

/** Mostly one of the newest of these, sometimes any other entry, or none at all. */
const aimed = (...tests: Test[]) =>
  fc.tuple(fc.nat({ max: 11 }), fc.nat({ max: 999 })).map(([aim, pick]) => (scene: Scene): Seq => {
    const entries = scene.entries as readonly ChatEntry[]
    const fitting = entries.filter((entry) => tests.every((test) => test(entry, scene)))
    const list = aim === 0 ? entries : aim < 3 ? fitting : fitting.slice(-6)
    return list[pick % Math.max(1, list.length)]?.seq ?? pick
  })
const target = aimed(isMessage)
const own = aimed(isMessage, isMine)
const held = aimed(isHeld)

const someone = fc.nat({ max: 99 }).map((pick) => (scene: Scene): { user: UserId; name: string } => {
  const person = scene.people[pick % scene.people.length]
  return { user: person?.id ?? ('id-nobody' as UserId), name: person?.name ?? 'Nobody' }
})

const on = fc.boolean()
const ask = <A>(from: fc.Arbitrary<A>, make: (given: A, scene: Scene) => Ask): fc.Arbitrary<(scene: Scene) => Ask> =>
  from.map((given) => (scene) => make(given, scene))

const post = ask(
  fc.record({ reply: fc.option(target, { freq: 3 }), mentions: fc.array(someone, { maxLength: 2 }) }),
  (given, scene) => ({
    type: 'post',
    body: {
      text: scene.words(),
      ...(given.reply === null ? {} : { replyTo: given.reply(scene) }),
      ...(given.mentions.length === 0 ? {} : { mentions: given.mentions.map((mention) => mention(scene).user) }),
    },
  }),
)
const changing = [
  ask(fc.record({ target: own, same: fc.nat({ max: 5 }) }), ({ target: aim, same }, scene) => {
    const seq = aim(scene)
    // The same as before, and yet nobody else's words: what is taken back here must not stand there.
    return { type: 'edit', body: { target: seq, text: same === 0 ? `⟨same ${seq}⟩` : scene.words() } }
  }),
  ask(fc.oneof(target, own, held), (aim, scene) => ({ type: 'delete', body: { target: aim(scene) } })),
  ask(fc.oneof(target, held), (aim, scene) => ({ type: 'restore', body: { target: aim(scene) } })),
  ask(fc.record({ target, on, emoji: fc.constantFrom(...EMOJI) }), (given, scene) => ({
    type: 'react',
    body: { target: given.target(scene), emoji: given.emoji, on: given.on },
  })),
  ask(fc.record({ target, on }), (given, scene) => ({
    type: 'pin',
    body: { target: given.target(scene), on: given.on },
  })),
  ask(held, (aim, scene) => ({ type: 'approve', body: { target: aim(scene) } })),
]
const governing = [
  ask(held, (aim, scene) => ({ type: 'reject', body: { target: aim(scene) } })),
  ask(fc.record({ someone, on, forMs: fc.option(fc.integer({ min: 1, max: 20_000 })) }), (given, scene) => ({
    type: 'mute',
    body: { ...given.someone(scene), on: given.on, ...(given.forMs === null ? {} : { forMs: given.forMs }) },
  })),
  ask(fc.record({ someone, on: fc.nat({ max: 3 }) }), (given, scene) => ({
    type: 'ban',
    body: { ...given.someone(scene), on: given.on === 0 },
  })),
  ask(fc.constantFrom(0, 1_000, 5_000, 60_000), (ms) => ({ type: 'slow', body: { ms } })),
  ask(on, (hold) => ({ type: 'hold', body: { on: hold } })),
]

const settings = fc.oneof(
  fc.constant({}),
  fc.record({ slowMs: fc.constantFrom(0, 3_000), hold: fc.boolean() }, { requiredKeys: [] }),
)
const command = fc.oneof(
  { weight: 6, arbitrary: post },
  { weight: 8, arbitrary: fc.oneof(...changing) },
  { weight: 3, arbitrary: fc.oneof(...governing) },
)

/** Without the quoted words: history has them only when the quoted message is on the same page. */
const shown = (view: ChatView) =>
  view.messages.map((message) => ({
    ...message,
    ...(message.replyTo === undefined ? {} : { replyTo: { ...message.replyTo, excerpt: '' } }),
  }))

kindLaws(chat, { settings, command, history: shown, runs: 100, steps: { minLength: 0, maxLength: 60 } })

// Long and talkative, so that messages leave the state, pinned and reacted to.
kindLaws(chat, {
  settings: fc.constant({}),
  command: fc.oneof({ weight: 16, arbitrary: post }, { weight: 5, arbitrary: fc.oneof(...changing) }),
  history: shown,
  runs: 6,
  steps: { minLength: 250, maxLength: 350 },
})
