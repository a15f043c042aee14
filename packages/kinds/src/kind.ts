import type { z } from 'zod'
import type { CommandId, Millis, Seq, UserId } from './ids.ts'
import type { Audience, Role } from './roles.ts'

/** What can stand in a log, a snapshot or a packet. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** Who asks; `system` is the engine itself (a kind's `timeout`). */
export interface Actor {
  id: UserId
  name: string
  role: Role | 'system'
}

/** Who did it, as the log keeps it; null where the kind hides it even from the log. */
export type Author = { id: UserId; name: string; role: Role | 'system' } | null

/** What happened, as it stands in the log and reaches clients. */
export interface Entry<Type extends string = string, Body = unknown> {
  seq: Seq
  at: Millis
  by: Author
  type: Type
  body: Body
  /** The command it came from. */
  id: CommandId
}

/** A map from entry type to body shape, as one union of entries. */
export type EntryOf<Bodies> = { [T in keyof Bodies & string]: Entry<T, Bodies[T]> }[keyof Bodies & string]

/** An entry before the owner gives it its place. */
export type Draft<Bodies> = {
  [T in keyof Bodies & string]: { type: T; body: Bodies[T]; anonymous?: boolean }
}[keyof Bodies & string]

/** Who may see an entry. `only` rides with both streams and is delivered to that user alone. */
export type Visibility = Audience | 'nobody' | { only: UserId }

/** A kind's no: changes nothing. `reason` is a stable snake_case word, `message` is for people. */
export interface Refusal {
  refused: string
  message: string
  /** Milliseconds after which the same command could be taken. */
  retryAfter?: number
}

/** A kind's yes: zero or more entries, all or none, and what only the asker is told. */
export interface Decision<Bodies> {
  entries: Draft<Bodies>[]
  result?: Json
}

/** Why somebody is told of something. */
export const NOTICES = ['mention', 'reply', 'share'] as const

/** What an entry is to somebody who may not be looking: the server puts it into their inbox. */
export interface Notice {
  to: UserId
  what: (typeof NOTICES)[number]
  /** What was said, for people. */
  quote: string
  /** The one thing in the room that it is about. */
  item: string | null
}

export interface CommandRule<Body extends z.ZodType = z.ZodType> {
  body: Body
  allow: readonly Role[]
  /** Largest body in bytes, where it may be larger than any command's (`LIMITS.commandBytes`). */
  maxBytes?: number
}
export interface SignalRule<Body extends z.ZodType = z.ZodType> extends CommandRule<Body> {
  /** How many a second one connection may send; more are dropped. */
  perSecond: number
  /**
   * However many send it, all are told one sum every so often, and of nobody who it was. Bodies are then counts: numbers by words
   * that the schema names.
   */
  gathered?: true
}

export type CommandRules = Record<string, CommandRule>
export type SignalRules = Record<string, SignalRule>
/** Any of a kind's commands, discriminated by `type`, bodies as their schema yields them. */
export type CommandOf<Rules extends CommandRules> = {
  [T in keyof Rules & string]: { id: CommandId; type: T; body: z.output<Rules[T]['body']> }
}[keyof Rules & string]

/** Made by the owner of a room: who somebody is in a scope, to whoever has no key of it. Null when the scope has no key. */
export type Alias = (scope: string) => UserId | null

/**
 * What people do in a room without anyone ever being able to say who did it, such as voting in a secret ballot. It happens in a
 * _scope_. While that is open there is a key for it; the owner gives every command in it by an alias that only the key leads to, keeps
 * the entries from all clients, and hides the command's id, its time and its author. The key is destroyed once the scope is closed.
 */
export interface Secrets<State, Command> {
  /** The scopes that are open. A scope is opened once. The same array while it is unchanged. */
  open(state: State): readonly string[]
  /** The scope that this command is about to open. */
  opens(state: State, command: Command): string | null
  /** The open scope in which this command is given. */
  within(state: State, command: Command): string | null
}

/**
 * What a client needs of a kind to keep up with a room. It leads to no schema and to no rule of deciding, so that a page which takes
 * part stays light (`@plenary/kinds/client`); whole kinds have it in them.
 */
export interface ClientKind<
  Commands extends CommandRules = any,
  Signals extends SignalRules = any,
  Bodies = any,
  View = any,
  Mine = any,
> {
  name: string
  /** In whole kinds; a client goes by their types alone. */
  commands?: Commands
  signals?: Signals
  /** What someone of this audience sees where nothing has happened yet, under the settings that a room has of itself. History is folded from it. */
  empty(audience: Audience): View
  /** The same view one entry later. Pure; returns a new object when something changed. */
  evolveView(view: View, entry: EntryOf<Bodies>, me: UserId): View
  evolveMine?(mine: Mine, entry: EntryOf<Bodies>, me: UserId): Mine
  /** The earlier entry that this one changes: history serves the two together. */
  about?(entry: EntryOf<Bodies>): Seq | null
}

/**
 * The rules of a room, as pure functions shared by server and browser: no I/O, no clock, no chance; time and ids come in.
 * `State`, `View` and `Mine` are plain JSON. Held to its laws by `@plenary/kinds/testing`.
 */
export interface Kind<
  Settings = any,
  State = any,
  Commands extends CommandRules = any,
  Signals extends SignalRules = any,
  Bodies = any,
  View = any,
  Mine = any,
> extends ClientKind<Commands, Signals, Bodies, View, Mine> {
  /** Raised when logged entries change shape; `upgrade` then reads the old ones. */
  version: number
  /** Anyone may make a room of it that belongs to no event; `matched`: strangers who look for one are led into one together. */
  alone?: { matched: boolean }
  /** Whether somebody who is in the room may put images beside it. Nobody where it is missing. */
  files?(state: State, who: { id: UserId; role: Role }): boolean
  /** Parsed once when the room is made; unknown fields are refused. */
  settings: z.ZodType<Settings>
  commands: Commands
  signals: Signals
  initial(settings: Settings): State
  /** Never throws, never changes `state`. */
  decide(state: State, command: CommandOf<Commands>, by: Actor, now: Millis): Decision<Bodies> | Refusal
  /** Owns `state` and may change it in place. Reads only the entry and the state. */
  evolve(state: State, entry: EntryOf<Bodies>): State
  /** Judged on the state right after the entry; stored beside the entry, so that the log can be read without state. */
  visibility(entry: EntryOf<Bodies>, state: State): Visibility
  /** What someone of this audience sees who joins now. Bounded. Shares nothing mutable with `state`. */
  view(state: State, audience: Audience): View
  /**
   * What someone who joins is given once, beside the view, and keeps up by the entries alone: `evolveView` never sees it. For
   * what is too large to be folded as a view, or is folded by other means, such as a document's text.
   */
  content?(state: State, audience: Audience): unknown
  /** A user's own part: my vote, my seat, my mute. */
  mine?(state: State, user: UserId, alias: Alias): Mine
  /** What happens without anyone learning who did it. What is done in a scope of it shows itself in `mine` alone, which is then told anew. */
  secrets?: Secrets<State, CommandOf<Commands>>
  /** Users who may not be in the room at all. Asked after every command that changed something; keep it cheap: return the same array while it is unchanged. */
  barred?(state: State): readonly UserId[]
  /** Roles of which nobody is kept out, whoever is barred: a kind does not see who has which role. */
  neverBarred?: readonly Role[]
  /**
   * The body to serve in history in place of this entry's; null to serve it as it is. `amendments`: all later entries about
   * the same one, oldest first; the same one is what this entry is `about`, or this entry itself.
   */
  conceal?(entry: EntryOf<Bodies>, amendments: EntryOf<Bodies>[]): EntryOf<Bodies>['body'] | null
  /** Whom an entry is news to, whether they are here or not. All that it takes stands in the entry. */
  notices?(entry: EntryOf<Bodies>): Notice[]
  /** A summary for all of this audience in the room, sent in place of many entries. */
  digest?(state: State, audience: Audience): Json
  /** Least milliseconds between two digests. */
  digestMs?: number
  /** When the owner must issue the kind's own `timeout` command; null for never. */
  deadline?(state: State): Millis | null
  /** What the kind does at its deadline. */
  timeout?(state: State, now: Millis): Draft<Bodies>[]
  /** An entry written by an earlier version of the kind, as this version reads it. */
  upgrade?(entry: Entry, fromVersion: number): EntryOf<Bodies>
}

/** A kind whose own types do not matter here; its rules are still rules. */
export interface AnyKind extends Omit<Kind<any, any, any, any, any, any, any>, 'commands' | 'signals'> {
  commands: CommandRules
  signals: SignalRules
}

/** Declares a kind with all its types inferred. */
export function defineKind<
  Settings,
  State,
  const Commands extends CommandRules,
  const Signals extends SignalRules,
  Bodies,
  View,
  Mine,
>(
  kind: Kind<Settings, State, Commands, Signals, Bodies, View, Mine>,
): Kind<Settings, State, Commands, Signals, Bodies, View, Mine> {
  return kind
}

/** The client side of a kind that is kept in a file of its own. */
export function defineClientKind<Commands extends CommandRules, Signals extends SignalRules, Bodies, View, Mine>(
  kind: ClientKind<Commands, Signals, Bodies, View, Mine>,
): ClientKind<Commands, Signals, Bodies, View, Mine> {
  return kind
}

export function isRefusal<Bodies>(outcome: Decision<Bodies> | Refusal): outcome is Refusal {
  return 'refused' in outcome
}

/** The client side of a kind whose own types do not matter here. */
export type AnyClientKind = ClientKind<any, any, any, any, any>

export type ViewOf<K> = K extends ClientKind<any, any, any, infer V, any> ? V : never
export type MineOf<K> = K extends ClientKind<any, any, any, any, infer M> ? M : never
export type CommandsOf<K> = K extends ClientKind<infer C, any, any, any, any> ? C : never
export type SignalsOf<K> = K extends ClientKind<any, infer S, any, any, any> ? S : never
export type BodiesOf<K> = K extends ClientKind<any, any, infer B, any, any> ? B : never
/** What a client passes as the body of a command or signal of this rule. */
export type InputOf<Rule> = Rule extends { body: infer Body extends z.ZodType } ? z.input<Body> : never
