import { cueOfDraft, draftOf } from '../control/cue-draft.ts'
import { pollDraftOf, pollOfDraft } from '../control/polls/poll-draft.ts'
import type { ChatView, PollsView, QuestionsView, StageView } from '@plenary/kinds'

/** What the rooms of an event show now; null for those that it has not. */
export interface EventNow {
  stage: StageView | null
  chat: ChatView | null
  questions: QuestionsView | null
  polls: PollsView | null
}

/** How the rooms of its twin are to begin: with this rundown and these polls, all of them still to be opened. */
export function twinSettings({ stage, chat, questions, polls }: EventNow): Record<string, Record<string, unknown>> {
  const cues = (stage?.staff?.cues ?? []).flatMap((cue) => {
    const body = cueOfDraft(draftOf(cue))
    return typeof body === 'string' ? [] : [{ id: cue.id, ...body }]
  })
  const drafts = (polls?.polls ?? [])
    .filter(({ status }) => status !== 'archived')
    .flatMap((poll) => {
      const body = pollOfDraft(pollDraftOf(poll))
      return typeof body === 'string' ? [] : [{ id: poll.id, ...body }]
    })
  return {
    stage: { cues, ...(stage ? { panels: stage.panels } : {}) },
    polls: { drafts },
    chat: chat ? { slowMs: chat.slowMs, hold: chat.hold } : {},
    questions: questions ? { hold: questions.hold, anonymous: questions.anonymous } : {},
  }
}
