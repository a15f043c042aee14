import { POLLS_LIMITS } from '@plenary/kinds'
import type { CommandsOf, InputOf, Poll } from '@plenary/kinds'
import type { polls } from '@plenary/kinds/client'

export type DraftPoll = InputOf<CommandsOf<typeof polls>['draft']>
type FormBody = DraftPoll['form']

export const POLL_TYPES = {
  choice: 'Choice',
  quiz: 'Quiz',
  rating: 'Rating',
  words: 'Word cloud',
  text: 'Open text',
} as const
export type PollType = keyof typeof POLL_TYPES

export type DraftPrivacy = NonNullable<DraftPoll['privacy']>
/** Who learns how somebody voted, in words. */
export const PRIVACY: Record<DraftPrivacy, string> = {
  hidden: 'Only the hosts see who voted what',
  named: 'Everyone sees who voted what',
  secret: 'Nobody can ever tell who voted what',
}
export const PRIVACIES = Object.keys(PRIVACY) as DraftPrivacy[]

/** A poll as it stands in the form, whatever its type. */
export interface PollDraft {
  title: string
  type: PollType
  options: string[]
  /** Indexes into `options`. */
  right: number[]
  several: boolean
  points: string
  speed: boolean
  steps: string
  low: string
  high: string
  words: string
  privacy: DraftPrivacy
  show: NonNullable<DraftPoll['show']>
  change: boolean
  /** Empty: until somebody closes it. */
  seconds: string
}

/** The quickest poll there is: a question, and yes or no. */
export const NEW_POLL: PollDraft = {
  title: '',
  type: 'choice',
  options: ['Yes', 'No'],
  right: [0],
  several: false,
  points: '1000',
  speed: true,
  steps: '5',
  low: '',
  high: '',
  words: '3',
  privacy: 'hidden',
  show: 'live',
  change: true,
  seconds: '',
}

export function pollDraftOf({ title, form, privacy, show, change, seconds, right }: Poll): PollDraft {
  const same: PollDraft = {
    ...NEW_POLL,
    title,
    privacy: PRIVACIES.find((one) => one === privacy) ?? 'hidden',
    show,
    change,
    type: form.type,
    seconds: seconds === null ? '' : String(seconds),
  }
  switch (form.type) {
    case 'choice': {
      const { options, max, quiz } = form
      const choice = { ...same, options, several: max > 1 }
      if (quiz === undefined) return choice
      return { ...choice, type: 'quiz', right: right ?? [], points: String(quiz.points), speed: quiz.speed }
    }
    case 'rating':
      return { ...same, steps: String(form.steps), low: form.low ?? '', high: form.high ?? '' }
    case 'words':
      return { ...same, words: String(form.max) }
    case 'text':
      return same
  }
}

/** The draft as a command, or what is wrong with it. */
export function pollOfDraft(draft: PollDraft): DraftPoll | string {
  if (draft.title.trim() === '') return 'A poll needs a question.'
  const form = formOf(draft)
  if (typeof form === 'string') return form
  const seconds = draft.seconds.trim() === '' ? null : wholeBetween(draft.seconds, 5, POLLS_LIMITS.secondsMax)
  if (seconds === undefined) return `A time limit is 5 to ${POLLS_LIMITS.secondsMax} seconds.`
  const { privacy, show } = draft
  // A quiz whose results are there from the first vote on gives its answer away, and one that can be changed its points.
  const quiz = draft.type === 'quiz'
  return {
    title: draft.title.trim(),
    form,
    privacy,
    show: quiz ? 'revealed' : show,
    change: !quiz && draft.change,
    seconds,
  }
}

function wholeBetween(text: string, least: number, most: number): number | undefined {
  const value = Number(text)
  return Number.isInteger(value) && value >= least && value <= most ? value : undefined
}

function formOf(draft: PollDraft): FormBody | string {
  switch (draft.type) {
    case 'choice':
    case 'quiz':
      return choiceOf(draft)
    case 'rating': {
      const steps = wholeBetween(draft.steps, 2, POLLS_LIMITS.ratingSteps)
      if (steps === undefined) return `A scale has 2 to ${POLLS_LIMITS.ratingSteps} steps.`
      const [low, high] = [draft.low.trim(), draft.high.trim()]
      return { type: 'rating', steps, ...(low === '' ? {} : { low }), ...(high === '' ? {} : { high }) }
    }
    case 'words': {
      const max = wholeBetween(draft.words, 1, POLLS_LIMITS.wordsPerPerson)
      return max === undefined ? `Everyone gives 1 to ${POLLS_LIMITS.wordsPerPerson} words.` : { type: 'words', max }
    }
    case 'text':
      return { type: 'text' }
  }
}

function choiceOf({
  type,
  options: typed,
  right: marked,
  several,
  points: worth,
  speed,
}: PollDraft): FormBody | string {
  const kept = typed.map((text, index) => ({ text: text.trim(), index })).filter(({ text }) => text !== '')
  const options = kept.map(({ text }) => text)
  if (options.length < 2) return 'A choice needs two options at least.'
  if (new Set(options).size < options.length) return 'Two options are the same.'
  const right = kept.flatMap(({ index }, at) => (marked.includes(index) ? [at] : []))
  const max = several ? options.length : 1
  if (type === 'choice') return { type: 'choice', options, max }
  if (right.length === 0) return 'Mark the right answer.'
  if (right.length > max) return 'Only one answer can be given. Let several be given, or mark one.'
  const points = wholeBetween(worth, 0, POLLS_LIMITS.pointsMax)
  if (points === undefined) return `Points are 0 to ${POLLS_LIMITS.pointsMax}.`
  return { type: 'choice', options, max, quiz: { right, points, speed } }
}
