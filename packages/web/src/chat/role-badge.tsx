import { ROLE_NAMES } from '../shell/role-names.ts'
import styles from './role-badge.module.css'
import type { Role } from '@plenary/kinds'

/** The role beside a name; attendees need none. */
export function RoleBadge({ role }: { role: Role }) {
  if (role === 'attendee') return null
  return (
    <span className={styles.badge} data-role={role}>
      {ROLE_NAMES[role]}
    </span>
  )
}
