import fc from 'fast-check'
import type { CommandId, Millis, Seq, UserId } from '../ids.ts'
import {
  isRefusal,
  type Actor,
  type CommandRules,
  type Decision,
  type Entry,
  type Kind,
  type Refusal,
  type SignalRules,
  type Visibility,
} from '../kind.ts'
import { ROLES, type Role } from '../roles.ts'

/** Any kind, with nothing taken for granted of what it keeps and shows. */
export type PlayedKind = Kind<unknown, unknown, CommandRules, SignalRules, Bodies, unknown, unknown>

/** What a random command may lean on, so that it mostly hits something. */
export interface Scene {
  /** The kind's entries so far, oldest first. */
  entries: readonly Entry[]
  people: readonly Actor[]
  /** Who is about to ask. */
  me: Actor
  /** Words that stand nowhere else in this play: a view that shows them can have them from one entry only. */
  words(): string
}

/** A command before it has an id. */
export interface Ask {
  type: string
  body: unknown
}
export type AskMaker = (scene: Scene) => Ask

/** One step of a play: somebody asks something, some time later. */
export interface Step {
  who: number
  afterMs: number
  make: AskMaker
}

/** An entry with what the owner would store beside it. */
export interface Logged {
  entry: Entry
  visibility: Visibility
}

type Bodies = Record<string, unknown>

/** How one step went. */
export interface Moment {
  ask: Ask
  by: Actor
  at: Millis
  /** Null when the engine stops it before the kind is asked: role or body. */
  outcome: Decision<Bodies> | Refusal | null
  /** What it added to the log; none when refused. */
  logged: readonly Logged[]
  /** The scope in which it was asked without a name; null when it was asked by name. */
  scope: string | null
}

interface Judged {
  outcome: Moment['outcome']
  scope: string | null
  asker: Actor
}

/** A room in a test, run the way an owner runs it: role, body, decide, log, evolve. */
export class Play {
  readonly kind: PlayedKind
  readonly log: Logged[] = []
  readonly people: readonly Actor[]
  state: unknown
  /** What each person did in secret. */
  readonly inSecret: { user: UserId; entry: Entry }[] = []
  /** What people are called in the scopes that were ever open, by scope and person. */
  readonly #aliases = new Map<string, Map<UserId, UserId>>()
  #words = 0
  #asked = 0
  /** Seq 1 is the room's own `created`. */
  #head: Seq = 1

  constructor(kind: PlayedKind, settings: unknown, people: readonly Actor[]) {
    this.kind = kind
    this.people = people
    this.state = still(() => kind.initial(deepFreeze(settings)))
  }

  #scene(me: Actor): Scene {
    return { entries: this.log.map(({ entry }) => entry), people: this.people, me, words: () => `⟦${this.#words++}⟧` }
  }

  /** Lets somebody ask; before it, what the kind had to do by then on its own. Each happens when its moment is taken. */
  *take(step: Step, at: Millis): Generator<Moment, void> {
    const by = this.people[step.who % this.people.length]
    if (by === undefined) throw new Error('A play needs people.')
    yield* this.#timeouts(at)
    const ask = step.make(this.#scene(by))
    const id = this.#id()
    const { outcome, scope, asker } = this.#judge(ask, id, by, at)
    const logged = outcome === null || isRefusal(outcome) ? [] : this.#append(outcome.entries, id, asker, at, scope)
    if (scope !== null) for (const { entry } of logged) this.inSecret.push({ user: by.id, entry })
    yield { ask, by, at, outcome, logged, scope }
  }

  /** A person's own part, as their owner tells it them. */
  mine(user: UserId): unknown {
    const open = this.kind.secrets?.open(this.state) ?? []
    return this.kind.mine?.(this.state, user, (scope) => (open.includes(scope) ? this.#alias(scope, user) : null))
  }

  /** Everything that people were called in a scope which is closed. */
  closedAliases(): UserId[] {
    const open = this.kind.secrets?.open(this.state) ?? []
    return [...this.#aliases].flatMap(([scope, aliases]) => (open.includes(scope) ? [] : [...aliases.values()]))
  }

  #alias(scope: string, user: UserId): UserId {
    const aliases = this.#aliases.get(scope) ?? new Map<UserId, UserId>()
    this.#aliases.set(scope, aliases)
    const alias = aliases.get(user) ?? (`alias-${this.#aliases.size}-${aliases.size}` as UserId)
    aliases.set(user, alias)
    return alias
  }

  #judge({ type, body }: Ask, id: CommandId, by: Actor, at: Millis): Judged {
    const rule = Object.hasOwn(this.kind.commands, type) ? this.kind.commands[type] : undefined
    if (rule === undefined) throw new Error(`The kind has no command ${type}.`)
    const parsed = rule.body.safeParse(body)
    if (!parsed.success || by.role === 'system' || !rule.allow.includes(by.role))
      return { outcome: null, scope: null, asker: by }
    const command = deepFreeze({ id, type, body: parsed.data })
    const scope = still(() => this.kind.secrets?.within(this.state, command) ?? null)
    const asker: Actor = scope === null ? by : { id: this.#alias(scope, by.id), name: '', role: 'attendee' }
    return {
      outcome: still(() => this.kind.decide(this.state, command, Object.freeze({ ...asker }), at)),
      scope,
      asker,
    }
  }

  *#timeouts(at: Millis): Generator<Moment, void> {
    for (let count = 0; ; count += 1) {
      const due = this.kind.deadline?.(this.state) ?? null
      if (due === null || due > at) return
      if (count >= 1_000) throw new Error('The deadline stays where it is after its timeout.')
      const outcome = { entries: still(() => this.kind.timeout?.(this.state, due) ?? []) }
      const by: Actor = { id: 'system' as UserId, name: 'system', role: 'system' }
      const logged = this.#append(outcome.entries, this.#id(), by, due, null)
      yield { ask: { type: 'timeout', body: null }, by, at: due, outcome, logged, scope: null }
    }
  }

  #append(
    drafts: readonly { type: string; body: unknown; anonymous?: boolean }[],
    id: CommandId,
    by: Actor,
    now: Millis,
    scope: string | null,
  ): Logged[] {
    // What is done in a scope has the time of what was there before it.
    const at = scope === null ? now : (this.log.at(-1)?.entry.at ?? now)
    return drafts.map(({ type, body, anonymous }) => {
      const author = anonymous === true || scope !== null ? null : { id: by.id, name: by.name, role: by.role }
      const entry: Entry = deepFreeze(copy({ seq: ++this.#head, at, by: author, type, body, id }))
      this.state = still(() => this.kind.evolve(this.state, entry))
      const logged = { entry, visibility: still(() => this.kind.visibility(entry, this.state)) }
      this.log.push(logged)
      return logged
    })
  }

  #id(): CommandId {
    this.#asked += 1
    return `00000000-0000-4000-8000-${String(this.#asked).padStart(12, '0')}` as CommandId
  }
}

/** One person of every role, a second attendee, and one attendee again after they were made a moderator. */
export const PEOPLE: readonly Actor[] = [
  ...ROLES.map((role: Role) => ({ id: `id-${role}` as UserId, name: `Name of ${role}`, role })),
  { id: 'id-other' as UserId, name: 'Name of other', role: 'attendee' },
  { id: 'id-other' as UserId, name: 'Name of other', role: 'moderator' },
]

/** Random steps at rising times, some of them far apart. */
export function stepsOf(command: fc.Arbitrary<AskMaker>, size: { minLength: number; maxLength: number }) {
  const step: fc.Arbitrary<Step> = fc.record({
    who: fc.nat({ max: 1_000 }),
    afterMs: fc.oneof(
      { weight: 5, arbitrary: fc.nat({ max: 2_000 }) },
      { weight: 1, arbitrary: fc.nat({ max: 600_000 }) },
    ),
    make: command,
  })
  return fc.array(step, { ...size, size: 'max' })
}

/** What it is once it has been written down and read again. */
export function copy<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T
}

/** From here on a change to any part of it throws. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  Object.freeze(value)
  for (const part of Object.values(value)) deepFreeze(part)
  return value
}

/** Runs it in a world where asking the time or rolling a die throws. */
export function still<T>(run: () => T): T {
  const { now } = Date
  const { random } = Math
  Date.now = () => forbidden('the clock')
  Math.random = () => forbidden('chance')
  try {
    return run()
  } finally {
    Date.now = now
    Math.random = random
  }
}

function forbidden(what: string): never {
  throw new Error(`A kind must not use ${what}.`)
}
