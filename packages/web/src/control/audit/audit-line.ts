import { audienceOf, type Entry, type Role } from '@plenary/kinds'
import { ROLE_NAMES } from '../../shell/role-names.ts'
import { elapsedText } from '../time-text.ts'

/** One line of the log of who did what. */
export interface AuditLine {
  id: string
  at: number
  who: string
  did: string
}

type Body = Record<string, unknown>
type Words = (body: Body) => string | null

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const quoted = (value: unknown): string => (text(value) === '' ? '' : `“${text(value).slice(0, 80)}”`)
const on =
  (yes: string, no: string): Words =>
  (body) =>
    body['on'] === true ? yes : no
const title = (value: unknown): string =>
  typeof value === 'object' && value !== null && 'title' in value ? quoted(value.title) : ''
const joined = (list: unknown): string => (Array.isArray(list) && list.length > 0 ? list.join(', ') : 'none')

/** What an entry of each kind says of the one who caused it. What is missing here is no act of running the event. */
const WORDS: Record<string, Record<string, Words>> = {
  stage: {
    add: ({ cue }) => `added the cue ${title(cue)}`,
    edit: ({ cue }) => `changed the cue ${title(cue)}`,
    remove: () => 'removed a cue',
    move: () => 'moved a cue',
    go: ({ way }) =>
      way === 'next' ? 'went on to the next cue' : way === 'back' ? 'went back a cue' : 'went to a cue',
    start: () => 'started the programme',
    end: () => 'ended the programme',
    hold: ({ text: words }) => `put everything on hold ${quoted(words)}`.trim(),
    resume: () => 'went on after the hold',
    announce: ({ text: words }) => (words === null ? 'took the announcement down' : `announced ${quoted(words)}`),
    lowerThird: ({ lowerThird }) =>
      lowerThird === null ? 'took the lower third down' : `showed the lower third ${title(lowerThird)}`,
    panels: ({ panels }) => `opened the panels: ${joined(panels)}`,
    message: ({ text: words }) => `told the speakers ${quoted(words)}`,
    clearMessages: () => 'cleared the speakers’ messages',
    standby: ({ name, on: stands }) => `${text(name)} ${stands === true ? 'stands by' : 'does not stand by any more'}`,
    undo: () => 'took the last act back',
    noted: (body) => noted(body),
  },
  chat: {
    delete: ({ removed }) => (removed === 'staff' ? 'deleted a message' : null),
    restore: () => 'restored a message',
    pin: on('pinned a message', 'unpinned a message'),
    mute: (body) => `${body['on'] === true ? 'muted' : 'unmuted'} ${text(body['name'])}`,
    ban: (body) =>
      `${body['on'] === true ? 'banned' : 'let'} ${text(body['name'])} ${body['on'] === true ? 'from the chat' : 'write in the chat again'}`,
    slow: ({ ms }) => (ms === 0 ? 'ended slow mode' : `set slow mode to ${elapsedText(Number(ms))}`),
    hold: on('has messages approved first', 'lets messages through at once'),
    approve: () => 'approved a message',
    reject: () => 'rejected a message',
    unreject: () => 'had a rejected message back',
  },
  polls: {
    draft: ({ poll }) => `drafted the poll ${title(poll)}`,
    edit: ({ spec }) => `changed the draft ${title(spec)}`,
    remove: () => 'deleted a poll',
    open: ({ poll }) => `opened the poll ${title(poll)}`,
    close: () => 'closed a poll',
    reopen: () => 'opened a poll again',
    reveal: () => 'showed a poll’s results',
    archive: () => 'archived a poll',
    restore: ({ poll }) => `had the poll ${title(poll)} back`,
    hide: (body) => `${body['on'] === true ? 'hid' : 'showed again'} an answer`,
    clearBoard: () => 'cleared the leaderboard',
  },
  questions: {
    approve: () => 'approved a question',
    reject: ({ withdrawn }) => (withdrawn === true ? null : 'rejected a question'),
    unreject: () => 'had a rejected question back',
    mark: ({ as }) => `marked a question as ${as === 'live' ? 'being answered' : text(as)}`,
    restore: () => 'had a question back',
    pin: on('pinned a question', 'unpinned a question'),
    reply: ({ text: words }) => `replied ${quoted(words)}`,
    unreply: () => 'deleted a reply',
    merge: () => 'merged a question into another',
    hold: on('has questions approved first', 'lets questions through at once'),
    close: on('closed the questions', 'opened the questions'),
  },
}

function noted({ did, name, role }: Body): string {
  if (did === 'given') return `made ${text(name)} ${ROLE_NAMES[role as Role].toLowerCase()}`
  return did === 'banned' ? `banned ${text(name)}` : `let ${text(name)} in again`
}

/** What the server notes of what was done elsewhere names who did that. */
function doerOf({ by, type, body }: Entry): { name: string } | null {
  if (type === 'noted') return (body as { by: { name: string } }).by
  if (by === null || by.role === 'system') return null
  return audienceOf(by.role) === 'staff' || by.role === 'speaker' ? by : null
}

/** What this entry says of who did what; null for what attendees do and for what entries only repeat. */
export function auditLine(kind: string, entry: Entry): AuditLine | null {
  const { type, body, id, seq, at } = entry
  const words = WORDS[kind]?.[type]
  if (words === undefined || typeof body !== 'object' || body === null) return null
  const doer = doerOf(entry)
  const did = doer === null ? null : words(body as Body)
  return doer === null || did === null ? null : { id: `${kind}-${seq}-${id}`, at, who: doer.name, did }
}
