import type { DocumentEntry, Margin, Person, Sharing, Thread } from './model.ts'

/** All but the text one entry later: for the owner and for every reader alike. New objects where something changed. */
export function annotate<M extends Margin>(margin: M, entry: DocumentEntry): M {
  const by = personOf(entry)
  switch (entry.type) {
    case 'update':
    case 'restored':
      return margin
    case 'comment': {
      const { anchor, quote, text, mentions } = entry.body
      const first = { id: entry.id, seq: entry.seq, by, at: entry.at, text, mentions, editedAt: null }
      const thread: Thread = { id: entry.id, anchor, quote, resolved: null, comments: [first] }
      return { ...margin, threads: [...margin.threads, thread] }
    }
    case 'reply': {
      const { thread, text, mentions } = entry.body
      const reply = { id: entry.id, seq: entry.seq, by, at: entry.at, text, mentions, editedAt: null }
      return inThread(margin, thread, (before) => ({ ...before, comments: [...before.comments, reply] }))
    }
    case 'editComment': {
      const { thread, comment, text, mentions } = entry.body
      return inThread(margin, thread, (before) => ({
        ...before,
        comments: before.comments.map((each) =>
          each.id === comment ? { ...each, text, mentions, editedAt: entry.at } : each,
        ),
      }))
    }
    case 'deleteComment': {
      const { thread, comment } = entry.body
      return inThread(margin, thread, (before) =>
        before.comments[0]?.id === comment
          ? null
          : { ...before, comments: before.comments.filter(({ id }) => id !== comment) },
      )
    }
    case 'resolve':
      return inThread(margin, entry.body.thread, (before) => ({ ...before, resolved: { by, at: entry.at } }))
    case 'reopen':
      return inThread(margin, entry.body.thread, (before) => ({ ...before, resolved: null }))
    case 'version': {
      const version = { id: entry.id, name: entry.body.name, seq: entry.seq, at: entry.at, by }
      return { ...margin, versions: [...margin.versions, version] }
    }
    case 'renameVersion': {
      const { version, name } = entry.body
      return { ...margin, versions: margin.versions.map((each) => (each.id === version ? { ...each, name } : each)) }
    }
    case 'deleteVersion': {
      const { version } = entry.body
      return { ...margin, versions: margin.versions.filter(({ id }) => id !== version) }
    }
    case 'share':
      return { ...margin, sharing: shared(margin.sharing, entry.body) }
  }
}

function inThread<M extends Margin>(margin: M, id: Thread['id'], change: (thread: Thread) => Thread | null): M {
  const threads = margin.threads.flatMap((thread) => {
    const after = thread.id === id ? change(thread) : thread
    return after === null ? [] : [after]
  })
  return { ...margin, threads }
}

function shared(sharing: Sharing, change: Extract<DocumentEntry, { type: 'share' }>['body']): Sharing {
  if ('role' in change) return { ...sharing, roles: { ...sharing.roles, [change.role]: change.level } }
  const { [change.user]: _, ...others } = sharing.people
  return { ...sharing, people: change.level === null ? others : { ...others, [change.user]: change.level } }
}

/** Whose doing an entry is. A document's entries all have an author. */
export function personOf({ by }: DocumentEntry): Person {
  if (by === null) throw new Error('An entry of a document has an author.')
  return { id: by.id, name: by.name }
}
