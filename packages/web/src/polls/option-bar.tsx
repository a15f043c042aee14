import { IconCheck, IconX } from '@tabler/icons-react'
import styles from './polls.module.css'

interface OptionBarProps {
  label: string
  picked: boolean
  several: boolean
  /** How many took it, as far as one may see that. */
  count: number | undefined
  votes: number
  names?: readonly string[] | undefined
  disabled?: boolean
  /** Whether it is a right answer; missing while that is not known. */
  right?: boolean | undefined
  /** Without, it is shown and not asked. */
  onPick?(): void
}

/** One option with the bar of those who took it; to tap while it is asked. */
export function OptionBar({ label, picked, several, count, votes, names, disabled, right, onPick }: OptionBarProps) {
  const share = count === undefined || votes === 0 ? 0 : count / votes
  const percent = Math.round(share * 100)
  const inside = (
    <>
      {count === undefined ? null : <i className={styles.fill} style={{ scale: `${share} 1` }} />}
      <span className={styles.pick} data-several={several || undefined} aria-hidden="true">
        {right === false && picked ? (
          <IconX size={16} stroke={3} />
        ) : picked || right === true ? (
          <IconCheck size={16} stroke={3} />
        ) : null}
      </span>
      <span className={styles.label}>
        <span dir="auto">{label}</span>
        {right === true ? <small className={styles.rightWord}>Right answer</small> : null}
        {names !== undefined && names.length > 0 ? <small dir="auto">{names.join(', ')}</small> : null}
      </span>
      {count === undefined ? null : (
        <span className={styles.share}>
          {percent}&thinsp;%<span className={styles.hidden}>, {count === 1 ? '1 vote' : `${count} votes`}</span>
        </span>
      )}
    </>
  )
  const marks = { className: styles.option, 'data-picked': picked || undefined, 'data-right': right }
  return onPick === undefined ? (
    <div {...marks}>{inside}</div>
  ) : (
    <button
      type="button"
      {...marks}
      role={several ? 'checkbox' : 'radio'}
      aria-checked={picked}
      disabled={disabled}
      onClick={onPick}
    >
      {inside}
    </button>
  )
}
