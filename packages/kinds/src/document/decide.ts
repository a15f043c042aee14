import type { Actor, Decision, Draft, Refusal } from '../kind.ts'
import type { Millis } from '../ids.ts'
import { own } from '../own.ts'
import { decideOnComments } from './comments.ts'
import type { DocumentCommand } from './commands.ts'
import { flawOf } from './content.ts'
import { mayShare, levelOf, reaches } from './levels.ts'
import { DOCUMENT_LIMITS, type DocumentBodies, type DocumentState, type Level } from './model.ts'

type Own = Draft<DocumentBodies>

function no(refused: string, message: string): Refusal {
  return { refused, message }
}

const NOT_ALLOWED: Record<Exclude<Level, 'none'>, Refusal> = {
  view: no('may_not_view', 'This document is not open to you.'),
  comment: no('may_not_comment', 'You may read this document, but not comment on it.'),
  edit: no('may_not_edit', 'You may not change this document.'),
}
const ALWAYS_EDIT = no('always_edit', 'Owners and producers can always edit.')
const NO_VERSION = no('no_version', 'There is no such version any more.')

/** What each command needs. */
const NEEDED: Record<DocumentCommand['type'], Exclude<Level, 'none'>> = {
  update: 'edit',
  restore: 'edit',
  comment: 'comment',
  reply: 'comment',
  editComment: 'comment',
  deleteComment: 'comment',
  resolve: 'comment',
  reopen: 'comment',
  version: 'edit',
  renameVersion: 'edit',
  deleteVersion: 'edit',
  shareWithRole: 'edit',
  shareWithPerson: 'edit',
}

/** What a document says to a command. */
export function decide(
  state: DocumentState,
  command: DocumentCommand,
  by: Actor,
  _now: Millis,
): Decision<DocumentBodies> | Refusal {
  const needed = NEEDED[command.type]
  if (!reaches(levelOf(state.sharing, by), needed)) return NOT_ALLOWED[needed]
  const act = judge(state, command, by)
  if (act === null) return { entries: [] }
  if ('refused' in act) return act
  return { entries: Array.isArray(act) ? act : [act] }
}

/** What happens; null for nothing. */
function judge(state: DocumentState, command: DocumentCommand, by: Actor): Own | Own[] | Refusal | null {
  switch (command.type) {
    case 'update': {
      const { update } = command.body
      return flawOf(state.content, update, by.id) ?? { type: 'update', body: { update } }
    }
    case 'restore': {
      const { update, from, name } = command.body
      return flawOf(state.content, update, by.id) ?? { type: 'restored', body: { update, from, name } }
    }
    case 'version': {
      if (state.versions.length >= DOCUMENT_LIMITS.versions) {
        return no('versions_full', `A document has at most ${DOCUMENT_LIMITS.versions} named versions.`)
      }
      return { type: 'version', body: { name: command.body.name } }
    }
    case 'renameVersion': {
      const { version, name } = command.body
      const found = state.versions.find(({ id }) => id === version)
      if (found === undefined) return NO_VERSION
      return found.name === name ? null : { type: 'renameVersion', body: { version, name } }
    }
    case 'deleteVersion': {
      const { version } = command.body
      return state.versions.some(({ id }) => id === version) ? { type: 'deleteVersion', body: { version } } : null
    }
    case 'shareWithRole': {
      const { role, level } = command.body
      if (mayShare(role)) return ALWAYS_EDIT
      return state.sharing.roles[role] === level ? null : { type: 'share', body: { role, level } }
    }
    case 'shareWithPerson': {
      const { user, level } = command.body
      const now = own(state.sharing.people, user) ?? null
      if (now === level) return null
      if (user === by.id) return no('yourself', 'Your own right stays as it is.')
      if (level !== null && state.leads.includes(user)) return ALWAYS_EDIT
      if (now === null && Object.keys(state.sharing.people).length >= DOCUMENT_LIMITS.people) {
        return no('people_full', `At most ${DOCUMENT_LIMITS.people} people can have a right of their own.`)
      }
      return { type: 'share', body: { user, level } }
    }
    default:
      return decideOnComments(state.threads, command, by)
  }
}
