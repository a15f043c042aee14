import { useNavigate, useSearch } from '@tanstack/react-router'
import { IconMasksTheater } from '@tabler/icons-react'
import { useEffect, useMemo, useState } from 'react'
import { KeyButton } from '../control/key-button.tsx'
import { useClient } from '../shell/client-provider.tsx'
import { useSpeech } from '../shell/announcer.tsx'
import { failureText } from '../shell/failure-text.ts'
import { forget } from '../shell/known-events.ts'
import { Crowd } from './crowd.ts'
import styles from './rehearsal.module.css'
import type { api } from '@plenary/kinds'

const SIZES = [0, 5, 12, 30, 60]

/** Over the control room of a rehearsal: that it is one, how many simulated attendees there are, and its end. */
export function RehearsalBar({ event }: { event: api.EventInfo }) {
  const client = useClient()
  const navigate = useNavigate()
  const { toast } = useSpeech()
  const { of } = useSearch({ from: '/e/$code/control' })
  const [here, setHere] = useState(0)
  const [wanted, setWanted] = useState(0)
  const [ending, setEnding] = useState(false)
  const crowd = useMemo(() => new Crowd(event.code, setHere), [event.code])
  useEffect(() => () => crowd.resize(0), [crowd])
  const end = () => {
    setEnding(true)
    crowd.resize(0)
    client.http.post(`/api/events/${event.id}/vanish`, {}).then(
      () => {
        forget(event.id)
        return of === undefined
          ? navigate({ to: '/' })
          : navigate({ to: '/e/$code/control', params: { code: of }, search: {} })
      },
      (error: unknown) => {
        setEnding(false)
        toast(failureText(error))
      },
    )
  }
  return (
    <section className={styles.bar} aria-label="Rehearsal">
      <IconMasksTheater size={20} stroke={1.75} aria-hidden="true" />
      <span className={styles.words}>
        <strong>Rehearsal.</strong> Nothing that happens here is kept, or is part of the event.
      </span>
      <label className={styles.size}>
        Simulated attendees
        <select
          value={wanted}
          onChange={({ currentTarget }) => {
            const size = Number(currentTarget.value)
            setWanted(size)
            crowd.resize(size)
          }}
        >
          {SIZES.map((size) => (
            <option key={size} value={size}>
              {size === 0 ? 'none' : size}
            </option>
          ))}
        </select>
      </label>
      <span className={styles.here} role="status">
        {here} simulated
      </span>
      <KeyButton kind="plain" disabled={ending} onPress={end}>
        End the rehearsal
      </KeyButton>
    </section>
  )
}
