import { POLLS_LIMITS } from '@plenary/kinds'
import { useState } from 'react'
import { failureText } from '../../shell/failure-text.ts'
import { KeyButton } from '../key-button.tsx'
import { RoomDialog } from '../room-dialog.tsx'
import { SaveButton } from '../save-button.tsx'
import {
  NEW_POLL,
  PRIVACIES,
  PRIVACY,
  POLL_TYPES,
  pollDraftOf,
  pollOfDraft,
  type DraftPoll,
  type DraftPrivacy,
  type PollDraft,
  type PollType,
} from './poll-draft.ts'
import form from '../form.module.css'
import styles from './polls.module.css'
import type { SubmitEvent } from 'react'
import type { Poll } from '@plenary/kinds'

interface PollEditorProps {
  /** None: a new one, which can be asked at once. */
  poll: Poll | null
  ask(body: DraftPoll): Promise<unknown>
  keep(body: DraftPoll): Promise<unknown>
  onClose(): void
}

/** A poll, from a question with yes and no to a quiz against the clock. What is rarely wanted stays folded. */
export function PollEditor({ poll, ask, keep, onClose }: PollEditorProps) {
  const [draft, setDraft] = useState<PollDraft>(() => (poll === null ? NEW_POLL : pollDraftOf(poll)))
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const change = (part: Partial<PollDraft>) => {
    setDraft((before) => ({ ...before, ...part }))
    setProblem(null)
  }
  const save = (how: (body: DraftPoll) => Promise<unknown>) => {
    const body = pollOfDraft(draft)
    if (typeof body === 'string') return setProblem(body)
    setBusy(true)
    how(body).then(onClose, (error: unknown) => {
      setBusy(false)
      setProblem(failureText(error))
    })
  }
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    save(poll === null ? ask : keep)
  }
  const { type } = draft
  return (
    <RoomDialog title={poll === null ? 'Ask a poll' : 'Edit the draft'} onClose={onClose}>
      <form className={form.form} onSubmit={submit}>
        <label className={form.field}>
          <span>Question</span>
          <input
            value={draft.title}
            maxLength={POLLS_LIMITS.titleChars}
            onChange={({ currentTarget }) => change({ title: currentTarget.value })}
          />
        </label>
        <fieldset className={styles.types}>
          <legend className={form.legend}>Answered by</legend>
          {(Object.keys(POLL_TYPES) as PollType[]).map((one) => (
            <label key={one} data-on={one === type || undefined}>
              <input type="radio" name="poll-type" checked={one === type} onChange={() => change({ type: one })} />
              {POLL_TYPES[one]}
            </label>
          ))}
        </fieldset>
        {type === 'choice' || type === 'quiz' ? <Options draft={draft} onChange={change} /> : null}
        {type === 'rating' ? <Rating draft={draft} onChange={change} /> : null}
        {type === 'words' ? (
          <label className={form.field}>
            <span>Words each</span>
            <input
              type="number"
              min={1}
              max={POLLS_LIMITS.wordsPerPerson}
              value={draft.words}
              onChange={({ currentTarget }) => change({ words: currentTarget.value })}
            />
          </label>
        ) : null}
        <details className={form.more}>
          <summary>Who sees what, time limit</summary>
          <div className={form.form}>
            <label className={form.field}>
              <span>Privacy</span>
              <select
                value={draft.privacy}
                onChange={({ currentTarget }) => change({ privacy: currentTarget.value as DraftPrivacy })}
              >
                {PRIVACIES.map((one) => (
                  <option key={one} value={one}>
                    {PRIVACY[one]}
                  </option>
                ))}
              </select>
            </label>
            {type === 'quiz' ? null : (
              <label className={form.field}>
                <span>Results</span>
                <select
                  value={draft.show}
                  onChange={({ currentTarget }) => change({ show: currentTarget.value as PollDraft['show'] })}
                >
                  <option value="live">Seen from the first vote on</option>
                  <option value="revealed">Seen once you show them</option>
                </select>
              </label>
            )}
            <label className={form.field}>
              <span>Closes after so many seconds</span>
              <input
                type="number"
                min={5}
                max={POLLS_LIMITS.secondsMax}
                placeholder="when you close it"
                value={draft.seconds}
                onChange={({ currentTarget }) => change({ seconds: currentTarget.value })}
              />
            </label>
            {type === 'quiz' ? null : (
              <label className={form.check}>
                <input
                  type="checkbox"
                  checked={draft.change}
                  onChange={({ currentTarget }) => change({ change: currentTarget.checked })}
                />
                A vote can be changed until it closes
              </label>
            )}
          </div>
        </details>
        {type === 'quiz' && draft.privacy !== 'named' ? (
          <p className={form.aside}>Points count for each alone. For a leaderboard, let everyone see who voted what.</p>
        ) : null}
        {problem === null ? null : (
          <p className={form.problem} role="alert">
            {problem}
          </p>
        )}
        <div className={form.buttons}>
          {poll === null ? (
            <KeyButton kind="plain" disabled={busy} onPress={() => save(keep)}>
              Keep as a draft
            </KeyButton>
          ) : null}
          <SaveButton busy={busy}>{poll === null ? 'Ask now' : 'Save'}</SaveButton>
        </div>
      </form>
    </RoomDialog>
  )
}

interface PartProps {
  draft: PollDraft
  onChange(part: Partial<PollDraft>): void
}

function Options({ draft, onChange }: PartProps) {
  const { options, right, type, several } = draft
  const quiz = type === 'quiz'
  return (
    <fieldset className={styles.options}>
      <legend className={form.legend}>{quiz ? 'Answers; mark what is right' : 'Options'}</legend>
      {options.map((option, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- an option is its place while it is written
        <div key={index} className={styles.option}>
          {quiz ? (
            <input
              type="checkbox"
              aria-label={`Answer ${index + 1} is right`}
              checked={right.includes(index)}
              onChange={({ currentTarget }) => {
                const others = several ? right.filter((other) => other !== index) : []
                onChange({ right: currentTarget.checked ? [...others, index] : others })
              }}
            />
          ) : null}
          <input
            aria-label={`Option ${index + 1}`}
            value={option}
            maxLength={POLLS_LIMITS.optionChars}
            onChange={({ currentTarget }) => onChange({ options: options.with(index, currentTarget.value) })}
          />
        </div>
      ))}
      <div className={styles.below}>
        <KeyButton
          kind="quiet"
          disabled={options.length >= POLLS_LIMITS.options}
          onPress={() => onChange({ options: [...options, ''] })}
        >
          One more
        </KeyButton>
        <label className={form.check}>
          <input
            type="checkbox"
            checked={several}
            onChange={({ currentTarget }) => onChange({ several: currentTarget.checked })}
          />
          Several can be picked
        </label>
      </div>
      {quiz ? (
        <div className={form.two}>
          <label className={form.field}>
            <span>Points</span>
            <input
              type="number"
              min={0}
              max={POLLS_LIMITS.pointsMax}
              value={draft.points}
              onChange={({ currentTarget }) => onChange({ points: currentTarget.value })}
            />
          </label>
          <label className={form.check}>
            <input
              type="checkbox"
              checked={draft.speed}
              onChange={({ currentTarget }) => onChange({ speed: currentTarget.checked })}
            />
            The faster, the more points
          </label>
        </div>
      ) : null}
    </fieldset>
  )
}

function Rating({ draft, onChange }: PartProps) {
  const field = (name: 'low' | 'high', label: string) => (
    <label className={form.field}>
      <span>{label}</span>
      <input
        value={draft[name]}
        maxLength={POLLS_LIMITS.labelChars}
        onChange={({ currentTarget }) => onChange({ [name]: currentTarget.value })}
      />
    </label>
  )
  return (
    <>
      <label className={form.field}>
        <span>Steps</span>
        <input
          type="number"
          min={2}
          max={POLLS_LIMITS.ratingSteps}
          value={draft.steps}
          onChange={({ currentTarget }) => onChange({ steps: currentTarget.value })}
        />
      </label>
      <div className={form.two}>
        {field('low', '1 means')}
        {field('high', 'The highest means')}
      </div>
    </>
  )
}
