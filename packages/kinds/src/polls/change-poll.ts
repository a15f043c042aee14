import type { Millis } from '../ids.ts'
import type { PollsCommandBody } from './commands.ts'
import {
  POLLS_LIMITS,
  type Form,
  type FormSpec,
  type Poll,
  type PollId,
  type PollSpec,
  type StoredPoll,
} from './model.ts'

/** How single polls change, in the state and in every view alike. Each gives a new object. */

function formOf(spec: FormSpec): Form {
  if (spec.type !== 'choice' || spec.quiz === undefined) return spec
  const { right: _, ...quiz } = spec.quiz
  return { ...spec, quiz }
}

function rightOf({ form }: PollSpec): number[] | null {
  return form.type === 'choice' ? (form.quiz?.right ?? null) : null
}

/** Without the members that are undefined, as the log will have it. */
export function specOf({ title, form, privacy, show, change, seconds }: PollsCommandBody<'draft'>): PollSpec {
  return { title, form: JSON.parse(JSON.stringify(form)) as FormSpec, privacy, show, change, seconds }
}

export function drafted(id: PollId, spec: PollSpec): StoredPoll {
  const { form } = spec
  const shown: Poll = {
    ...spec,
    id,
    form: formOf(form),
    status: 'draft',
    openedAt: null,
    closesAt: null,
    closedAt: null,
    revealed: false,
    sealed: false,
    results: { votes: 0 },
  }
  const places = form.type === 'choice' ? form.options.length : form.type === 'rating' ? form.steps : 0
  return {
    shown,
    staff: shown.results,
    right: rightOf(spec),
    hidden: [],
    ballots: {},
    votes: 0,
    counts: Array.from({ length: places }, () => 0),
    words: {},
    texts: [],
  }
}

/** A poll as staff see it. */
export function forStaff({ shown, staff, right, hidden }: StoredPoll): Poll {
  return { ...shown, results: staff, ...(right === null ? {} : { right }), hidden }
}

/** The poll as it is when it is opened now. */
export function opened(shown: Poll, now: Millis): Poll {
  const { seconds } = shown
  return { ...shown, status: 'open', openedAt: now, closesAt: seconds === null ? null : now + seconds * 1_000 }
}

export function closed(stored: StoredPoll, at: Millis): StoredPoll {
  const after = { ...stored, shown: closedPoll(stored.shown, at) }
  return after.shown.sealed ? sealed(after) : after
}

/** The same as a viewer sees it. Of a secret poll nothing is kept beyond its end that leads to a voter. */
export function closedPoll(poll: Poll, at: Millis): Poll {
  return { ...poll, status: 'closed', closesAt: null, closedAt: at, sealed: poll.sealed || poll.privacy === 'secret' }
}

export function archived(stored: StoredPoll): StoredPoll {
  return sealed({ ...stored, shown: archivedPoll(stored.shown) })
}

export function archivedPoll(poll: Poll): Poll {
  return { ...poll, status: 'archived', sealed: true }
}

/** Without the single votes. */
function sealed(stored: StoredPoll): StoredPoll {
  if (stored.shown.privacy !== 'secret') return { ...stored, ballots: {} }
  const texts = stored.texts.map(({ text }) => text).toSorted()
  return { ...stored, ballots: {}, texts: texts.map((text) => ({ who: null, text })) }
}

export function reopenedPoll(poll: Poll, closesAt: Millis | null): Poll {
  return { ...poll, status: 'open', closedAt: null, closesAt }
}

export function revealedPoll(poll: Poll, right: number[] | undefined): Poll {
  return { ...poll, revealed: true, ...(right === undefined ? {} : { right }) }
}

export function withHidden(hidden: readonly string[], text: string, on: boolean): string[] {
  const others = hidden.filter((other) => other !== text)
  return on ? [...others, text].slice(-POLLS_LIMITS.hidden) : others
}
