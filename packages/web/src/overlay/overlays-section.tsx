import { Button, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useClient } from '../shell/client-provider.tsx'
import { CopyButton } from '../shell/copy-button.tsx'
import { InlineFailure } from '../shell/inline-failure.tsx'
import { listOverlayKeys, makeOverlayKey, revokeOverlayKey } from './overlay-calls.ts'
import { OVERLAYS, overlayAddress } from './overlays.ts'
import styles from './overlays-section.module.css'
import type { api } from '@plenary/kinds'

const DATE = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

/** Addresses for a broadcast or a projector: made by a key, told once, and gone when it is taken back. */
export function OverlaysSection({ event }: { event: Pick<api.EventInfo, 'id'> }) {
  const client = useClient()
  const queries = useQueryClient()
  const queryKey = ['overlay-keys', event.id]
  const { data, error, isPending, refetch } = useQuery({ queryKey, queryFn: () => listOverlayKeys(client, event.id) })
  const [label, setLabel] = useState('')
  const settled = { onSettled: () => queries.invalidateQueries({ queryKey }) }
  const make = useMutation({ mutationFn: () => makeOverlayKey(client, event.id, label.trim()), ...settled })
  const revoke = useMutation({ mutationFn: (key: string) => revokeOverlayKey(client, event.id, key), ...settled })
  const made = make.data !== undefined && revoke.variables !== make.data.overlay.id ? make.data : null
  return (
    <section className={styles.card} aria-labelledby="overlays-title">
      <h2 id="overlays-title">Overlays</h2>
      <p className={styles.text}>
        Transparent pages for OBS or a projector: the question, the poll, a countdown and more. A key opens them all; it
        sees what attendees see and can do nothing.
      </p>
      <form
        className={styles.make}
        onSubmit={(submitted) => {
          submitted.preventDefault()
          if (label.trim() === '') return
          make.mutate(undefined, { onSuccess: () => setLabel('') })
        }}
      >
        <TextInput
          label="What the key is for"
          placeholder="Main stream"
          value={label}
          maxLength={60}
          onChange={(changed) => setLabel(changed.currentTarget.value)}
        />
        <Button type="submit" loading={make.isPending} disabled={label.trim() === ''}>
          Make a key
        </Button>
      </form>
      {make.isError ? <InlineFailure error={make.error} /> : null}
      {made === null ? null : (
        <div className={styles.made} role="status">
          <p>
            <strong>{made.overlay.label}</strong> is ready. These addresses are shown this once: copy those that you
            need.
          </p>
          <ul>
            {OVERLAYS.map(({ id, name, what }) => (
              <li key={id}>
                <span className={styles.what}>
                  <a href={overlayAddress(location.origin, id, made.key)} target="_blank" rel="noopener">
                    {name}
                  </a>
                  <small>{what}</small>
                </span>
                <CopyButton text={overlayAddress(location.origin, id, made.key)} label="Copy" what={name} />
              </li>
            ))}
          </ul>
        </div>
      )}
      {isPending ? <div className={styles.skeleton} role="status" aria-label="Loading keys" /> : null}
      {error ? (
        <InlineFailure error={error}>
          <Button size="sm" variant="subtle" onClick={() => void refetch()}>
            Try again
          </Button>
        </InlineFailure>
      ) : null}
      {revoke.isError ? <InlineFailure error={revoke.error} /> : null}
      {data !== undefined && data.keys.length > 0 ? (
        <ul className={styles.keys} aria-label="Keys that are out">
          {data.keys.map(({ id, label: name, createdAt }) => (
            <li key={id}>
              <span className={styles.what}>
                {name}
                <small>made {DATE.format(createdAt)}</small>
              </span>
              <Button
                variant="light"
                color="danger"
                aria-label={`Take back ${name}`}
                loading={revoke.isPending && revoke.variables === id}
                onClick={() => revoke.mutate(id)}
              >
                Take back
              </Button>
            </li>
          ))}
        </ul>
      ) : null}
    </section>
  )
}
