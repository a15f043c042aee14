import { Button } from '@mantine/core'
import { ROLES } from '@plenary/kinds'
import { Avatar } from '../chat/avatar.tsx'
import { ROLE_NAMES } from '../shell/role-names.ts'
import { mayChange, mayGive } from './rights.ts'
import styles from './settings.module.css'
import type { api, Role } from '@plenary/kinds'

interface PersonRowProps {
  person: api.Person
  me: api.Me
  here: boolean
  busy: boolean
  onChange(change: { role?: Role; banned?: boolean }): void
}

/** One person: who they are, and what can be changed about them by whoever looks. */
export function PersonRow({ person, me, here, busy, onChange }: PersonRowProps) {
  const own = person.id === me.id
  const changeable = !own && mayChange(me.role, person.role)
  const roles = ROLES.filter((role) => role === person.role || mayGive(me.role, role))
  const fixedRole = !changeable || person.banned || !mayGive(me.role, person.role)
  return (
    <li className={styles.person}>
      <Avatar id={person.id} name={person.name} />
      <div className={styles.who}>
        <span>
          {person.name}
          {own ? ' (you)' : ''}
        </span>
        <small>{person.banned ? 'banned' : here ? 'here now' : 'not here'}</small>
      </div>
      {fixedRole ? (
        <span className={styles.role}>{person.banned ? '' : ROLE_NAMES[person.role]}</span>
      ) : (
        <select
          className={styles.select}
          aria-label={`Role of ${person.name}`}
          value={person.role}
          disabled={busy}
          onChange={(event) => {
            const role = ROLES.find((one) => one === event.currentTarget.value)
            if (role) onChange({ role })
          }}
        >
          {roles.map((role) => (
            <option key={role} value={role}>
              {ROLE_NAMES[role]}
            </option>
          ))}
        </select>
      )}
      {changeable ? (
        <Button
          variant="subtle"
          size="sm"
          {...(person.banned ? {} : { color: 'danger' })}
          disabled={busy}
          aria-label={person.banned ? `Let ${person.name} in again` : `Ban ${person.name}`}
          onClick={() => onChange({ banned: !person.banned })}
        >
          {person.banned ? 'Let in' : 'Ban'}
        </Button>
      ) : null}
    </li>
  )
}
