import { defineKind } from './kind.ts'
import { polls as client } from './polls/client.ts'
import { pollsCommands, pollsSettings, pollsSignals, type PollsSettings } from './polls/commands.ts'
import { decide, timeout } from './polls/decide.ts'
import { evolve, initial } from './polls/evolve.ts'
import { mine } from './polls/mine.ts'
import {
  POLLS_LIMITS,
  type PollsBodies,
  type PollsEntry,
  type PollsMine,
  type PollsState,
  type PollsView,
} from './polls/model.ts'
import { deadline, digest } from './polls/results.ts'
import { opens, within } from './polls/secrets.ts'
import { view } from './polls/view.ts'
import type { Visibility } from './kind.ts'

export type {
  Answer,
  BoardLine,
  Form,
  FormSpec,
  MyVote,
  Poll,
  PollId,
  PollSpec,
  PollsDigest,
  PollsMine,
  PollStatus,
  PollsView,
  Privacy,
  Results,
  TextAnswer,
} from './polls/model.ts'

/** Polls of all sorts: drafted before, opened and closed when it is time, with results for those who may see them. */
export const polls = defineKind<
  PollsSettings,
  PollsState,
  typeof pollsCommands,
  typeof pollsSignals,
  PollsBodies,
  PollsView,
  PollsMine
>({
  ...client,
  version: 1,
  settings: pollsSettings,
  commands: pollsCommands,
  signals: pollsSignals,
  initial,
  decide,
  evolve,
  visibility,
  view,
  mine,
  secrets: { open: ({ secret }) => secret, opens, within },
  digest,
  digestMs: POLLS_LIMITS.digestMs,
  deadline,
  timeout,
})

function visibility(entry: PollsEntry): Visibility {
  switch (entry.type) {
    case 'draft':
    case 'edit':
    case 'remove':
    case 'hide':
    case 'counted':
      return 'staff'
    case 'vote':
      return entry.by === null ? 'nobody' : { only: entry.by.id }
    default:
      return 'everyone'
  }
}
