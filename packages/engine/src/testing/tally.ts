import { EVERYONE, STAFF, defineKind } from '@plenary/kinds'
import type { EntryOf, UserId } from '@plenary/kinds'
import { z } from 'zod'

interface State {
  total: number
  words: string[]
  secrets: string[]
  shares: Record<UserId, number>
  barred: UserId[]
  wakeAt: number | null
  woken: number
}
type Bodies = {
  added: { by: number }
  said: { word: string }
  whispered: { word: string; to: UserId }
  noted: { word: string }
  barred: { user: UserId }
  set: { at: number }
  woke: Record<string, never>
}

interface View {
  total: number
  words: string[]
  woken: number
  /** Staff only. */
  secrets?: string[]
}

/** A small kind for tests that touches every part of the contract: all audiences, a private part, bars, a deadline, a digest. */
export const tally = defineKind({
  name: 'tally',
  version: 1,
  settings: z.strictObject({}).default({}),
  commands: {
    add: { body: z.strictObject({ by: z.number().int() }), allow: EVERYONE },
    say: { body: z.strictObject({ word: z.string().max(100_000) }), allow: EVERYONE },
    whisper: {
      body: z.strictObject({ word: z.string(), to: z.string().transform((id) => id as UserId) }),
      allow: EVERYONE,
    },
    pair: { body: z.strictObject({ words: z.array(z.string()).length(2) }), allow: EVERYONE },
    note: { body: z.strictObject({ word: z.string() }), allow: STAFF },
    bar: { body: z.strictObject({ user: z.string().transform((id) => id as UserId) }), allow: STAFF },
    wake: { body: z.strictObject({ at: z.number() }), allow: EVERYONE },
    never: { body: z.strictObject({}), allow: EVERYONE },
    nothing: { body: z.strictObject({}), allow: EVERYONE },
    crash: { body: z.strictObject({}), allow: STAFF },
  },
  signals: {
    wave: { body: z.strictObject({ hand: z.string() }), allow: EVERYONE, perSecond: 5 },
    applaud: { body: z.strictObject({ claps: z.number().int() }), allow: EVERYONE, perSecond: 5, gathered: true },
  },
  initial: (): State => ({ total: 0, words: [], secrets: [], shares: {}, barred: [], wakeAt: null, woken: 0 }),
  decide(state, command) {
    switch (command.type) {
      case 'add':
        return {
          entries: [{ type: 'added', body: { by: command.body.by } }],
          result: { total: state.total + command.body.by },
        }
      case 'say':
        return { entries: [{ type: 'said', body: command.body }] }
      case 'pair':
        return { entries: command.body.words.map((word) => ({ type: 'said' as const, body: { word } })) }
      case 'whisper':
        return { entries: [{ type: 'whispered', body: command.body }] }
      case 'note':
        return { entries: [{ type: 'noted', body: command.body }] }
      case 'bar':
        return { entries: [{ type: 'barred', body: command.body }] }
      case 'wake':
        return { entries: [{ type: 'set', body: command.body }] }
      case 'never':
        return { refused: 'never', message: 'Never.' }
      case 'nothing':
        return { entries: [] }
      case 'crash':
        throw new Error('a broken kind')
    }
  },
  evolve(state, entry: EntryOf<Bodies>) {
    switch (entry.type) {
      case 'added': {
        state.total += entry.body.by
        if (entry.by !== null) state.shares[entry.by.id] = (state.shares[entry.by.id] ?? 0) + entry.body.by
        return state
      }
      case 'said':
        state.words.push(entry.body.word)
        return state
      case 'noted':
        state.secrets.push(entry.body.word)
        return state
      case 'barred':
        state.barred = [...state.barred, entry.body.user]
        return state
      case 'set':
        state.wakeAt = entry.body.at
        return state
      case 'woke':
        state.wakeAt = null
        state.woken++
        return state
      case 'whispered':
        return state
    }
  },
  visibility(entry) {
    if (entry.type === 'noted' || entry.type === 'barred') return 'staff'
    if (entry.type === 'whispered') return { only: entry.body.to }
    return 'everyone'
  },
  empty: (audience): View => ({ total: 0, words: [], woken: 0, ...(audience === 'staff' ? { secrets: [] } : {}) }),
  view: (state, audience): View => ({
    total: state.total,
    words: [...state.words],
    woken: state.woken,
    ...(audience === 'staff' ? { secrets: [...state.secrets] } : {}),
  }),
  evolveView(view, entry): View {
    switch (entry.type) {
      case 'added':
        return { ...view, total: view.total + entry.body.by }
      case 'said':
        return { ...view, words: [...view.words, entry.body.word] }
      case 'noted':
        return { ...view, secrets: [...(view.secrets ?? []), entry.body.word] }
      case 'woke':
        return { ...view, woken: view.woken + 1 }
      default:
        return view
    }
  },
  mine: (state, user): { share: number } => ({ share: state.shares[user] ?? 0 }),
  evolveMine: (mine, entry, me) =>
    entry.type === 'added' && entry.by?.id === me ? { share: mine.share + entry.body.by } : mine,
  barred: (state) => state.barred,
  digest: (state) => ({ total: state.total }),
  digestMs: 100,
  deadline: (state) => state.wakeAt,
  timeout: () => [{ type: 'woke', body: {} }],
})
