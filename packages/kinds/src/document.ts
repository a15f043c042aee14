import { document as client } from './document/client.ts'
import { documentCommands, documentSettings, documentSignals } from './document/commands.ts'
import { contentOf, emptyContent, grow, type Tail } from './document/content.ts'
import { decide } from './document/decide.ts'
import { LEADS, mayShare, levelOf, reaches } from './document/levels.ts'
import { noticesOf } from './document/notices.ts'
import { annotate, personOf } from './document/margin.ts'
import { DOCUMENT_LIMITS } from './document/model.ts'
import type { DocumentBodies, DocumentSettings, DocumentState, DocumentView, DocumentEntry } from './document/model.ts'
import { defineKind } from './kind.ts'

/**
 * A text that many write at once: a Yjs document, merged from every update in the log, with comments beside it, named versions,
 * and who may do what with it.
 */
export const document = documentKind({ updates: DOCUMENT_LIMITS.tailUpdates, chars: DOCUMENT_LIMITS.tailChars })

/** The kind, with its own way to say when updates are merged. That is part of the state: all nodes must say the same. */
export function documentKind(tail: Tail) {
  return defineKind<
    DocumentSettings,
    DocumentState,
    typeof documentCommands,
    typeof documentSignals,
    DocumentBodies,
    DocumentView,
    undefined
  >({
    ...client,
    version: 2,
    alone: { matched: false },
    files: ({ sharing }, who) => reaches(levelOf(sharing, who), 'edit'),
    neverBarred: LEADS,
    settings: documentSettings,
    commands: documentCommands,
    signals: documentSignals,
    initial: ({ roles }) => ({
      content: emptyContent(),
      sharing: { roles: { ...roles }, people: {} },
      threads: [],
      versions: [],
      barred: [],
      leads: [],
    }),
    decide,
    evolve(state, entry) {
      noteLead(state, entry)
      if (entry.type === 'update' || entry.type === 'restored') {
        grow(state.content, entry.body.update, personOf(entry), tail)
        return state
      }
      const next = annotate(state, entry)
      return isBar(entry) || wasBarred(state, entry) ? { ...next, barred: barredBy(next) } : next
    },
    visibility: () => 'everyone',
    view: ({ sharing, threads, versions }) => ({ sharing, threads, versions }),
    content: (state) => contentOf(state.content),
    barred: (state) => state.barred,
    notices: noticesOf,
    conceal(entry, amendments) {
      if (!amendments.some(({ type }) => type === 'deleteComment')) return null
      if (entry.type === 'comment') return { ...entry.body, quote: '', text: '', mentions: [] }
      return entry.type === 'reply' || entry.type === 'editComment' ? { ...entry.body, text: '', mentions: [] } : null
    },
  })
}

/** Who has which role is seen by what each did last. Changes `state` in place. */
function noteLead(state: DocumentState, { by }: DocumentEntry): void {
  if (by === null || by.role === 'system' || mayShare(by.role) === state.leads.includes(by.id)) return
  state.leads = mayShare(by.role) ? [...state.leads, by.id] : state.leads.filter((user) => user !== by.id)
}

function isBar({ type, body }: DocumentEntry): boolean {
  return type === 'share' && 'user' in body && body.level === 'none'
}

function wasBarred({ barred }: DocumentState, { type, body }: DocumentEntry): boolean {
  return type === 'share' && 'user' in body && barred.includes(body.user)
}

function barredBy({ sharing }: DocumentState): DocumentState['barred'] {
  const people = Object.entries(sharing.people) as [DocumentState['barred'][number], string][]
  return people.filter(([, level]) => level === 'none').map(([user]) => user)
}
