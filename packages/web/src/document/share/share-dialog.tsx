import { LEVELS, ROLE_LEVELS, mayShare } from '@plenary/kinds/document'
import { ROLES } from '@plenary/kinds'
import { useMemo } from 'react'
import { Avatar } from '../../chat/avatar.tsx'
import { Dialog } from '../../shell/dialog.tsx'
import { useSpeech } from '../../shell/announcer.tsx'
import { failureText } from '../../shell/failure-text.ts'
import { ROLE_NAMES } from '../../shell/role-names.ts'
import { ShareLink } from './share-link.tsx'
import styles from './share.module.css'
import type { DocumentRoom } from '@plenary/client/yjs'
import type { Role, UserId } from '@plenary/kinds'
import type { DocumentView, Level } from '@plenary/kinds/document'
import type { Writer } from '../writer.ts'

const WORDS: Readonly<Record<Level, string>> = {
  none: 'Not let in',
  view: 'Can read',
  comment: 'Can comment',
  edit: 'Can edit',
}

interface ShareDialogProps {
  room: DocumentRoom
  view: DocumentView
  me: Writer
  onClose(): void
}

/** Who may do what with the document: by role, and for single people. */
export function ShareDialog({ room, view, me, onClose }: ShareDialogProps) {
  const { toast } = useSpeech()
  const may = mayShare(me.role)
  const told = (sent: Promise<unknown>) => void sent.catch((error: unknown) => toast(failureText(error)))
  const setRole = (role: Role, level: string) =>
    told(room.send('shareWithRole', { role, level: level as (typeof ROLE_LEVELS)[number] }))
  const setPerson = (user: string, level: string) =>
    told(room.send('shareWithPerson', { user, level: level === 'role' ? null : (level as Level) }))
  const people = useMemo(() => {
    const known = new Map<string, string>()
    for (const { id, name } of room.snapshot.presence.members) known.set(id, name)
    for (const { comments } of view.threads) for (const { by } of comments) known.set(by.id, by.name)
    for (const id of Object.keys(view.sharing.people)) if (!known.has(id)) known.set(id, 'Somebody who is away')
    known.delete(me.id)
    return [...known].map(([id, name]) => ({ id, name })).toSorted((one, other) => one.name.localeCompare(other.name))
  }, [room, view, me.id])
  return (
    <Dialog title="Share" onClose={onClose}>
      <ShareLink />
      <section className={styles.section} aria-labelledby="share-roles">
        <h3 id="share-roles">By role</h3>
        <p>Owners and producers can always edit.</p>
        <ul className={styles.list}>
          {ROLES.filter((role) => !mayShare(role)).map((role) => (
            <li key={role}>
              <label htmlFor={`share-${role}`}>{ROLE_NAMES[role]}</label>
              <select
                id={`share-${role}`}
                disabled={!may}
                value={view.sharing.roles[role]}
                onChange={(event) => setRole(role, event.currentTarget.value)}
              >
                {ROLE_LEVELS.map((level) => (
                  <option key={level} value={level}>
                    {WORDS[level]}
                  </option>
                ))}
              </select>
            </li>
          ))}
        </ul>
      </section>
      <section className={styles.section} aria-labelledby="share-people">
        <h3 id="share-people">By person</h3>
        {people.length === 0 ? <p>Those who have been here will be listed.</p> : null}
        <ul className={styles.list}>
          {people.map(({ id, name }) => (
            <li key={id}>
              <Avatar id={id} name={name} small />
              <label htmlFor={`share-${id}`}>{name}</label>
              <select
                id={`share-${id}`}
                disabled={!may}
                value={Object.hasOwn(view.sharing.people, id) ? view.sharing.people[id as UserId] : 'role'}
                onChange={(event) => setPerson(id, event.currentTarget.value)}
              >
                <option value="role">As their role</option>
                {LEVELS.map((level) => (
                  <option key={level} value={level}>
                    {WORDS[level]}
                  </option>
                ))}
              </select>
            </li>
          ))}
        </ul>
      </section>
    </Dialog>
  )
}
