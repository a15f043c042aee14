import { Avatar } from '../chat/avatar.tsx'
import { RoleBadge } from '../chat/role-badge.tsx'
import { Hall } from '../shell/hall.tsx'
import styles from './side.module.css'
import type { PresenceNow } from '@plenary/client'
import type { api } from '@plenary/kinds'

/** Who is here: the hall filling up, the number, and the names as far as they are told. */
export function People({ presence, me }: { presence: PresenceNow; me: api.Me }) {
  const { total, members } = presence
  const sorted = members.toSorted(
    (a, b) => Number(b.id === me.id) - Number(a.id === me.id) || a.name.localeCompare(b.name),
  )
  const unnamed = total - members.length
  return (
    <section className={styles.section} aria-labelledby="people-title">
      <div className={styles.hall}>
        <Hall rows={4} taken={total} />
      </div>
      <h2 id="people-title">
        {total} {total === 1 ? 'person' : 'people'} here
      </h2>
      <ul className={styles.people}>
        {sorted.map(({ id, name, role }) => (
          <li key={id}>
            <Avatar id={id} name={name} small />
            <span className={styles.personName}>
              {name}
              {id === me.id ? ' (you)' : ''}
            </span>
            <RoleBadge role={role} />
          </li>
        ))}
      </ul>
      {unnamed > 0 ? <p className={styles.more}>and {unnamed} more</p> : null}
    </section>
  )
}
