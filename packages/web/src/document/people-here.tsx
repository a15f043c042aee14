import { useSyncExternalStore } from 'react'
import { Avatar } from '../chat/avatar.tsx'
import { personColour } from './person-colour.ts'
import styles from './document.module.css'
import type { Awareness } from 'y-protocols/awareness'

const SHOWN_MAX = 5

/** Those who have the document open, each once, however many pages they have. */
export function PeopleHere({ awareness, me }: { awareness: Awareness; me: string }) {
  const names = useSyncExternalStore(
    (listener) => {
      awareness.on('change', listener)
      return () => awareness.off('change', listener)
    },
    () => namesOf(awareness),
  )
  const people = names === '' ? [] : names.split('\n').map((line) => line.split('\t'))
  const others = people.filter(([id]) => id !== me)
  return (
    <div
      className={styles.here}
      role="group"
      aria-label={`Here now: ${[...others.map(([, name]) => name), 'you'].join(', ')}`}
    >
      {others.slice(0, SHOWN_MAX).map(([id = '', name = '']) => (
        <span key={id} title={name} style={{ '--person': personColour(id) } as React.CSSProperties}>
          <Avatar id={id} name={name} small />
        </span>
      ))}
      {others.length > SHOWN_MAX ? <span>+{others.length - SHOWN_MAX}</span> : null}
    </div>
  )
}

/** As one text, so that it is the same while nothing changed. */
function namesOf(awareness: Awareness): string {
  const people = new Map<string, string>()
  for (const [client, state] of awareness.getStates()) {
    const user = state['user'] as { id?: unknown; name?: unknown } | undefined
    const id = typeof user?.id === 'string' ? user.id : String(client)
    if (typeof user?.name === 'string') people.set(id, user.name.replaceAll(/[\t\n]/g, ' '))
  }
  return [...people]
    .map(([id, name]) => `${id}\t${name}`)
    .toSorted()
    .join('\n')
}
