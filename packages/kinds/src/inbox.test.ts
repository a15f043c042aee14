import fc from 'fast-check'
import { expect, test } from 'vitest'
import { inbox, INBOX_LIMITS, type InboxView } from './inbox.ts'
import type { Actor, Entry } from './kind.ts'
import { kindLaws, type Scene } from './testing/laws.ts'
import { PEOPLE } from './testing/play.ts'

const SYSTEM: Actor = { id: 'system' as Actor['id'], name: 'system', role: 'system' }
const OWNER: Actor = { id: 'ann' as Actor['id'], name: 'Ann', role: 'owner' }

const body = (quote: string) => ({
  what: 'mention' as const,
  by: { id: 'bob' as Actor['id'], name: 'Bob' },
  event: 'event',
  room: 'room',
  title: 'Notes',
  quote,
  item: null,
})
const noticeAt = ({ entries }: Scene, at: number) => {
  const notices = entries.filter(({ type }) => type === 'notice')
  return notices[at % Math.max(1, notices.length)]
}

kindLaws(inbox, {
  settings: fc.constant({}),
  people: PEOPLE,
  command: fc.oneof(
    fc.constant((scene: Scene) => ({ type: 'notify' as const, body: body(scene.words()) })),
    fc.nat({ max: 99 }).map((at) => (scene: Scene) => ({
      type: 'read' as const,
      body: { through: noticeAt(scene, at)?.seq ?? at },
    })),
    fc.nat({ max: 99 }).map((at) => (scene: Scene) => ({
      type: 'readOne' as const,
      body: { notice: noticeAt(scene, at)?.id ?? '00000000-0000-4000-8000-ffffffffffff' },
    })),
  ),
})

/** Plays it by hand, because the server itself is not among the people of a stage. */
function inboxOf() {
  let state = inbox.initial({})
  let seq = 1
  const ask = (by: Actor, type: string, given: unknown) => {
    const id = `00000000-0000-4000-8000-${String(seq).padStart(12, '0')}`
    const outcome = inbox.decide(state, { id, type, body: given } as never, by, 0)
    if ('refused' in outcome) return outcome.refused
    for (const { type: of, body: said } of outcome.entries) {
      const entry = { seq: ++seq, at: 0, by: null, type: of, body: said, id } as Entry
      state = inbox.evolve(state, entry as never)
    }
    return outcome.entries.length
  }
  return { ask, view: (): InboxView => inbox.view(state, 'staff') }
}

test('notices come from the server alone, are counted, and are read one by one or all up to one', () => {
  const { ask, view } = inboxOf()
  expect(ask(OWNER, 'notify', body('forged'))).toBe('not_yours_to_say')
  for (const quote of ['one', 'two', 'three']) expect(ask(SYSTEM, 'notify', body(quote))).toBe(1)
  expect(view().unread).toBe(3)
  const [first, second] = view().notices
  ask(OWNER, 'readOne', { notice: second?.id })
  expect(view().unread).toBe(2)
  ask(OWNER, 'read', { through: second?.seq ?? 0 })
  expect(view().notices.map(({ read }) => read)).toEqual([true, true, false])
  expect(ask(OWNER, 'read', { through: first?.seq ?? 0 })).toBe(0)
})

test('the newest are kept', () => {
  const { ask, view } = inboxOf()
  for (let count = 0; count < INBOX_LIMITS.notices + 5; count++) ask(SYSTEM, 'notify', body(String(count)))
  expect(view().notices).toHaveLength(INBOX_LIMITS.notices)
  expect(view().notices[0]?.quote).toBe('5')
})
