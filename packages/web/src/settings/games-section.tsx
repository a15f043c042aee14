import { Button, NativeSelect, TextInput } from '@mantine/core'
import { LIMITS } from '@plenary/kinds'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { GAMES, gameOf } from '../games/look.ts'
import { useClient } from '../shell/client-provider.tsx'
import { InlineFailure } from '../shell/inline-failure.tsx'
import { addRoom } from './event-calls.ts'
import styles from './settings.module.css'
import type { api } from '@plenary/kinds'
import type { SubmitEvent } from 'react'

const SEATING = [
  { value: 'open', label: 'Whoever comes first' },
  { value: 'hosts', label: 'Whom the hosts seat' },
] as const

/** The event's games: for people to play beside it, and for the stage. */
export function GamesSection({ event, onChanged }: { event: api.EventInfo; onChanged(event: api.EventInfo): void }) {
  const client = useClient()
  const [kind, setKind] = useState(GAMES[0]?.kind.name ?? '')
  const [seating, setSeating] = useState<string>(SEATING[0].value)
  const [title, setTitle] = useState('')
  const add = useMutation({
    mutationFn: () =>
      addRoom(client, event.id, {
        kind,
        title: title.trim() === '' ? (gameOf(kind)?.look.title ?? kind) : title.trim(),
        settings: { seating },
      }),
    onSuccess: (changed) => {
      setTitle('')
      onChanged(changed)
    },
  })
  const games = event.rooms.filter((room) => gameOf(room.kind) !== undefined)
  const submit = (submitted: SubmitEvent<HTMLFormElement>) => {
    submitted.preventDefault()
    if (!add.isPending) add.mutate()
  }
  return (
    <section className={styles.card} aria-labelledby="games-title">
      <h2 id="games-title">Games</h2>
      {games.length === 0 ? <p>None yet. A game can be played beside the event, or on its stage.</p> : null}
      <ul>
        {games.map((room) => (
          <li key={room.id}>
            <Link
              to="/e/$code/g/$room"
              params={{ code: event.code, room: room.id }}
              search={{}}
              className={styles.back}
            >
              {room.title}
            </Link>
          </li>
        ))}
      </ul>
      <form className={styles.form} onSubmit={submit}>
        <NativeSelect
          label="Game"
          data={GAMES.map(({ kind: { name }, look }) => ({ value: name, label: look.title }))}
          value={kind}
          onChange={(changed) => setKind(changed.currentTarget.value)}
        />
        <NativeSelect
          label="Who plays"
          data={SEATING.map((each) => ({ ...each }))}
          value={seating}
          onChange={(changed) => setSeating(changed.currentTarget.value)}
        />
        <TextInput
          label="Title"
          description="The game’s own name without one."
          value={title}
          onChange={(changed) => setTitle(changed.currentTarget.value)}
          maxLength={LIMITS.titleChars}
          autoComplete="off"
        />
        {add.isError ? <InlineFailure error={add.error} /> : null}
        <Button type="submit" className={styles.save} loading={add.isPending}>
          Add a game
        </Button>
      </form>
    </section>
  )
}
