import fc from 'fast-check'
import * as Y from 'yjs'
import { fromBase64Url, toBase64Url } from './base64url.ts'
import { documentKind } from './document.ts'
import type { DocumentContent, DocumentEntry } from './document/model.ts'
import { kindLaws, type AskOf, type Scene } from './testing/laws.ts'

// Merged often, so that a play of a few steps has both merged and recent updates.
const document = documentKind({ updates: 3, chars: 1_000 })

type Ask = AskOf<typeof document.commands>

const bytes = (text: string) => fromBase64Url(text) ?? new Uint8Array()
const isText = ({ type }: { type: string }) => type === 'update' || type === 'restored'

/** The document as whoever reads the log has it. */
function docOf(entries: readonly { type: string; body: unknown }[]): Y.Doc {
  const doc = new Y.Doc()
  for (const { body } of entries.filter(isText)) Y.applyUpdate(doc, bytes((body as { update: string }).update))
  return doc
}

/** Somebody writes or deletes at a random place; sometimes having seen only a part of the rest. */
const writing = fc
  .record({ place: fc.nat(), cut: fc.nat({ max: 6 }), seen: fc.nat({ max: 3 }), session: fc.nat({ max: 3 }) })
  .map(({ place, cut, seen, session }) => (scene: Scene): string => {
    const entries = scene.entries.filter(isText)
    const doc = docOf(seen === 0 ? entries.slice(0, Math.ceil(entries.length / 2)) : entries)
    doc.clientID = 1_000 + scene.people.indexOf(scene.me) * 10 + session + scene.entries.length * 100
    const text = doc.getText('text')
    const before = Y.encodeStateVector(doc)
    doc.transact(() => {
      const at = place % (text.length + 1)
      text.insert(at, scene.words())
      if (cut > 3) text.delete(Math.max(0, at - cut), Math.min(cut, at))
    })
    return toBase64Url(Y.encodeStateAsUpdate(doc, before))
  })
const broken = fc.uint8Array({ minLength: 1, maxLength: 40 }).map((raw) => () => toBase64Url(raw))
const update = fc.oneof({ weight: 8, arbitrary: writing }, { weight: 1, arbitrary: broken })

const threads = ({ entries }: Scene) => (entries as readonly DocumentEntry[]).filter(({ type }) => type === 'comment')
const comments = ({ entries }: Scene) =>
  (entries as readonly DocumentEntry[]).filter(({ type }) => type === 'comment' || type === 'reply')
const versions = ({ entries }: Scene) => (entries as readonly DocumentEntry[]).filter(({ type }) => type === 'version')
const NOWHERE = '00000000-0000-4000-8000-ffffffffffff'
const pick = <T extends { id: string }>(list: readonly T[], at: number) => list[at % Math.max(1, list.length)]
const threadOf = (entry: DocumentEntry | undefined) =>
  entry !== undefined && entry.type === 'reply' ? entry.body.thread : (entry?.id ?? NOWHERE)

const at = fc.nat({ max: 999 })
const ask = <A>(from: fc.Arbitrary<A>, make: (given: A, scene: Scene) => Ask): fc.Arbitrary<(scene: Scene) => Ask> =>
  from.map((given) => (scene) => make(given, scene))
const person = (scene: Scene, index: number) => scene.people[index % scene.people.length]?.id ?? 'nobody'

const command = fc.oneof(
  { weight: 8, arbitrary: ask(update, (make, scene) => ({ type: 'update', body: { update: make(scene) } })) },
  {
    weight: 1,
    arbitrary: ask(update, (make, scene) => ({ type: 'restore', body: { update: make(scene), from: 1 } })),
  },
  ...[
    ask(at, (index, scene) => ({
      type: 'comment',
      body: { text: scene.words(), quote: scene.words(), mentions: [person(scene, index)] },
    })),
    ask(at, (index, scene) => ({
      type: 'reply',
      body: { thread: threadOf(pick(threads(scene), index)), text: scene.words() },
    })),
    ask(at, (index, scene) => {
      const found = pick(comments(scene), index)
      const body = { thread: threadOf(found), comment: found?.id ?? NOWHERE }
      return index % 2 === 0
        ? { type: 'editComment', body: { ...body, text: scene.words() } }
        : { type: 'deleteComment', body }
    }),
    ask(at, (index, scene) => ({
      type: index % 2 === 0 ? 'resolve' : 'reopen',
      body: { thread: threadOf(pick(threads(scene), index)) },
    })),
    ask(at, (_, scene) => ({ type: 'version', body: { name: scene.words() } })),
    ask(at, (index, scene) => {
      const version = pick(versions(scene), index)?.id ?? NOWHERE
      return index % 2 === 0
        ? { type: 'renameVersion', body: { version, name: scene.words() } }
        : { type: 'deleteVersion', body: { version } }
    }),
    ask(
      fc.tuple(
        fc.constantFrom('speaker', 'attendee', 'moderator', 'owner'),
        fc.constantFrom('view', 'comment', 'edit'),
      ),
      ([role, level]) => ({ type: 'shareWithRole', body: { role, level } }),
    ),
    ask(fc.tuple(at, fc.constantFrom('none', 'view', 'comment', 'edit', null)), ([index, level], scene) => ({
      type: 'shareWithPerson',
      body: { user: person(scene, index), level },
    })),
  ].map((arbitrary) => ({ weight: 1, arbitrary })),
)

const level = fc.constantFrom('view', 'comment', 'edit')
kindLaws(document, {
  settings: fc.record({ roles: fc.record({ attendee: level, speaker: level }) }),
  command,
  content: (content, entries) => {
    const { base, tail } = content as DocumentContent
    const start = [base, ...tail].filter((part) => part !== '')
    const doc = docOf([...start.map((part) => ({ type: 'update', body: { update: part } })), ...entries])
    return {
      text: doc.getText('text').toJSON(),
      reached: Object.fromEntries(Y.decodeStateVector(Y.encodeStateVector(doc))),
    }
  },
})
