import { document, type Actor, type UserId } from '@plenary/kinds'
import { toBase64Url } from '@plenary/kinds/base64url'
import * as Y from 'yjs'
import type { Saying } from './filled-log.ts'

const PARAGRAPHS = 7_000
const PARAGRAPH = 'lorem ipsum dolor sit amet, '.repeat(4).slice(0, 100)
const PARAGRAPHS_AT_ONCE = 400
const MARGINS = 10
const TYPED = 'plenary '
/** A margin is kept so long: what is typed past it pushes out what was typed first. */
const MARGIN_CHARS = 10 * TYPED.length

/** A document of a megabyte, then so many people who write and delete in it in turn, for as long as one likes. */
export function editors(people: number): Saying {
  const page = new Y.Doc()
  const fragment = page.getXmlFragment('default')
  const writers = Array.from({ length: people }, () => new Y.Doc())
  return {
    kind: document,
    settings: { roles: { owner: 'edit', producer: 'edit', moderator: 'edit', speaker: 'edit', attendee: 'edit' } },
    next(number) {
      if (fragment.length < PARAGRAPHS) return saying(0, () => fragment.push(paragraphs()), page)
      const doc = writers[number % people] ?? page
      const text = doc.getText(`margin-${number % MARGINS}`)
      return saying(
        (number % people) + 1,
        () => {
          text.insert(text.length, TYPED)
          if (text.length > MARGIN_CHARS) text.delete(0, TYPED.length)
        },
        doc,
      )
    },
  }
}

function paragraphs(): Y.XmlElement[] {
  return Array.from({ length: PARAGRAPHS_AT_ONCE }, () => {
    const paragraph = new Y.XmlElement('paragraph')
    paragraph.insert(0, [new Y.XmlText(PARAGRAPH)])
    return paragraph
  })
}

function saying(who: number, change: () => void, doc: Y.Doc): ReturnType<Saying['next']> {
  const updates: Uint8Array[] = []
  const note = (update: Uint8Array) => updates.push(update)
  doc.on('update', note)
  doc.transact(change)
  doc.off('update', note)
  const by: Actor = { id: `user-${who}` as UserId, name: `Person ${who}`, role: 'attendee' }
  return { type: 'update', body: { update: toBase64Url(Y.mergeUpdates(updates)) }, by }
}
