import type { Notice } from '../kind.ts'
import type { DocumentEntry } from './model.ts'

/** Whom an entry of a document is news to: the mentioned, those it answers, and who was let in. */
export function noticesOf(entry: DocumentEntry): Notice[] {
  const author = entry.by?.id
  switch (entry.type) {
    case 'comment':
    case 'reply':
    case 'editComment': {
      const { text: quote } = entry.body
      const item = entry.type === 'comment' ? entry.id : entry.body.thread
      const mentions = new Set(entry.type === 'editComment' ? entry.body.mentioned : entry.body.mentions)
      const others = entry.type === 'reply' ? entry.body.others.filter((user) => !mentions.has(user)) : []
      const told: Notice[] = [
        ...[...mentions].map((to) => ({ to, what: 'mention' as const, quote, item })),
        ...others.map((to) => ({ to, what: 'reply' as const, quote, item })),
      ]
      return told.filter(({ to }) => to !== author)
    }
    case 'share': {
      if (!('user' in entry.body)) return []
      const { user: to, level } = entry.body
      return level === null || level === 'none' ? [] : [{ to, what: 'share', quote: '', item: null }]
    }
    default:
      return []
  }
}
