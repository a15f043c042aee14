import { stepsOf, type Sample } from './samples.ts'
import { clockText } from '../../chat/times.ts'
import { RoleBadge } from '../../chat/role-badge.tsx'
import styles from './presence.module.css'
import type { PresenceNow } from '@plenary/client'
import { ROLES } from '@plenary/kinds'

const WIDTH = 320
const HEIGHT = 64

/** How many are here, how that went, and who they are as far as names are told. */
export function PresencePanel({ now: { total, members }, samples }: { now: PresenceNow; samples: readonly Sample[] }) {
  const first = samples[0]
  const most = Math.max(total, ...samples.map((sample) => sample.total))
  const sorted = members.toSorted(
    (a, b) => ROLES.indexOf(a.role) - ROLES.indexOf(b.role) || a.name.localeCompare(b.name),
  )
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls
    <div className={styles.panel} id="panel-people" tabIndex={0} role="region" aria-label="People">
      <div className={styles.head}>
        <strong>{total}</strong> here now, {most} at most
      </div>
      <svg
        className={styles.graph}
        viewBox={`0 -2 ${WIDTH} ${HEIGHT + 4}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`People here over time: ${samples
          .map((sample) => sample.total)
          .slice(-12)
          .join(', ')}`}
      >
        <path d={stepsOf(samples, samples.at(-1)?.at ?? 0, WIDTH, HEIGHT)} vectorEffect="non-scaling-stroke" />
      </svg>
      <div className={styles.axis}>
        <span>{first ? clockText(first.at) : ''}</span>
        <span>now</span>
      </div>
      <ul className={styles.people}>
        {sorted.map(({ id, name, role }) => (
          <li key={id}>
            {name} <RoleBadge role={role} />
          </li>
        ))}
      </ul>
      {total > members.length ? <p className={styles.more}>and {total - members.length} more</p> : null}
    </div>
  )
}

/** The same in the room's bar. */
export function Spark({ samples }: { samples: readonly Sample[] }) {
  return (
    <svg className={styles.spark} viewBox="0 -1 72 20" preserveAspectRatio="none" aria-hidden="true">
      <path d={stepsOf(samples, samples.at(-1)?.at ?? 0, 72, 18)} vectorEffect="non-scaling-stroke" />
    </svg>
  )
}
