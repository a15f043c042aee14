import { own } from '../own.ts'
import type { PollsCommand } from './commands.ts'
import type { PollId, PollsState } from './model.ts'

/** A secret poll is a scope of its own; it is opened once, and closed for good. */

/** The secret poll that this command is about to open. */
export function opens(state: PollsState, command: PollsCommand): PollId | null {
  if (command.type !== 'open') return null
  const shown = own(state.polls, command.body.poll)?.shown
  return shown?.privacy === 'secret' && shown.status === 'draft' ? shown.id : null
}

/** The open secret poll in which this is a vote. */
export function within({ secret }: PollsState, command: PollsCommand): PollId | null {
  return command.type === 'vote' && secret.includes(command.body.poll) ? command.body.poll : null
}
