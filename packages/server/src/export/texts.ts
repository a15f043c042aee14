import type { Entry, Message, Poll, PollsView, QuestionsView } from '@plenary/kinds'
import { csvRow } from './csv.ts'

/** What each kind of room is written as, beside its entries. */

const at = (millis: number | null) => (millis === null ? null : new Date(millis).toISOString())

export function questionsCsv({ questions, staff }: QuestionsView): string {
  const rows = [
    ...questions.map((question) => ({ question, state: question.status as string })),
    ...(staff?.bin ?? []).map(({ question, why }) => ({ question, state: why as string })),
  ]
  const head = csvRow(['asked', 'question', 'by', 'state', 'votes', 'replies'])
  return rows.reduce(
    (text, { question, state }) =>
      text +
      csvRow([
        at(question.at),
        question.text,
        question.by?.name ?? null,
        state,
        question.votes,
        question.replies.map((reply) => `${reply.by.name}: ${reply.text}`).join('\n'),
      ]),
    head,
  )
}

export function pollsCsv({ polls }: PollsView): string {
  const head = csvRow([
    'poll',
    'form',
    'privacy',
    'status',
    'opened',
    'closed',
    'people',
    'answer',
    'right',
    'votes',
    'names',
  ])
  return polls.filter(({ status }) => status !== 'draft').reduce((text, poll) => text + pollRows(poll), head)
}

function pollRows(poll: Poll): string {
  const { title, form, privacy, status, openedAt, closedAt, results } = poll
  const first = [title, form.type, privacy, status, at(openedAt), at(closedAt), results.votes]
  return answersOf(poll)
    .map(([answer, right, votes, names]) => csvRow([...first, answer, right, votes, names]))
    .join('')
}

type Line = [answer: string, right: string | null, votes: number, names: string | null]

function answersOf({ form, results, right }: Poll): Line[] {
  const { counts = [], names, words = [], texts = [] } = results
  const known = (index: number) => (right === undefined ? null : right.includes(index) ? 'yes' : 'no')
  switch (form.type) {
    case 'choice':
      return form.options.map((option, index) => [
        option,
        known(index),
        counts[index] ?? 0,
        names?.[index]?.join(', ') ?? null,
      ])
    case 'rating':
      return Array.from({ length: form.steps }, (_, index) => [String(index + 1), null, counts[index] ?? 0, null])
    case 'words':
      return words.map(([word, count]) => [word, null, count, null])
    case 'text':
      return texts.map(({ text, by }) => [text, null, 1, by?.name ?? null])
  }
}

/** A post of a chat; null for anything else, and for what was taken back. */
export function postOf({ at: millis, by, type, body }: Entry): { at: string; by: string; text: string } | null {
  if (type !== 'post') return null
  const { text } = body as { text: Message['text'] }
  return text === '' ? null : { at: new Date(millis).toISOString(), by: by?.name ?? '', text }
}

export const chatLine = (post: { at: string; by: string; text: string }) => `${post.at} ${post.by}: ${post.text}\n`

/** Nobody's words become markup. */
export function chatHtmlLine({ at: when, by, text }: { at: string; by: string; text: string }): string {
  return `<p><time>${escaped(when)}</time> <b>${escaped(by)}</b> ${escaped(text)}</p>\n`
}

export function chatHtmlHead(title: string): string {
  return `<!doctype html>\n<meta charset="utf-8">\n<title>${escaped(title)}</title>\n<h1>${escaped(title)}</h1>\n`
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
}
