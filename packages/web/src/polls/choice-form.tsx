import { Button } from '@mantine/core'
import { useState } from 'react'
import { OptionBar } from './option-bar.tsx'
import styles from './polls.module.css'
import type { Form } from '@plenary/kinds'
import type { AnswerFormProps } from './answer-props.ts'

const NONE: readonly number[] = []

/** Options to tap. Where one may change one's mind a tap votes at once; else, and for several, it takes a word at the end. */
export function ChoiceForm({
  poll,
  form,
  results,
  mine,
  onAnswer,
}: AnswerFormProps & { form: Extract<Form, { type: 'choice' }> }) {
  const saved = mine !== null && 'picks' in mine ? mine.picks : NONE
  const [chosen, setChosen] = useState<readonly number[] | null>(null)
  const several = form.max > 1
  const atOnce = !several && poll.change
  const fixed = !poll.change && saved.length > 0
  const picks = chosen ?? saved
  const changed = chosen !== null && chosen.join() !== saved.join()
  const tap = (index: number) => {
    if (atOnce) return onAnswer({ picks: [index] })
    if (!several) return setChosen([index])
    if (picks.includes(index)) setChosen(picks.filter((other) => other !== index))
    else if (picks.length < form.max) setChosen([...picks, index].toSorted((a, b) => a - b))
  }
  const send = () => {
    onAnswer({ picks: [...picks] })
    setChosen(null)
  }
  const full = several && picks.length >= form.max
  return (
    <div className={styles.answer}>
      {several && !fixed ? (
        <p className={styles.hint}>
          {form.max === form.options.length ? 'Pick all that fit.' : `Pick up to ${form.max}.`}
        </p>
      ) : null}
      <div className={styles.options} role={several ? 'group' : 'radiogroup'} aria-labelledby={`poll-${poll.id}`}>
        {form.options.map((option, index) => {
          const picked = picks.includes(index)
          return (
            <OptionBar
              key={option}
              label={option}
              picked={picked}
              several={several}
              // What others chose must not choose for one.
              count={saved.length > 0 || poll.revealed ? results.counts?.[index] : undefined}
              votes={results.votes}
              names={results.names?.[index]}
              disabled={fixed || (full && !picked)}
              onPick={() => tap(index)}
            />
          )
        })}
      </div>
      {!atOnce && !fixed && (changed || saved.length === 0) ? (
        <Button className={styles.send ?? ''} disabled={picks.length === 0} onClick={send}>
          {saved.length > 0 ? 'Change my vote' : 'Vote'}
        </Button>
      ) : null}
      {!poll.change && !fixed ? <p className={styles.hint}>A vote cannot be changed here.</p> : null}
    </div>
  )
}
