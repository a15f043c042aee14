import { Button, NativeSelect, TextInput } from '@mantine/core'
import { LIMITS } from '@plenary/kinds'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { IconBolt, IconUserPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useClient } from '../shell/client-provider.tsx'
import { Frame } from '../shell/frame.tsx'
import { InlineFailure } from '../shell/inline-failure.tsx'
import { lastName, remember, rememberName } from '../shell/known-events.ts'
import { NodeLine } from '../shell/node-line.tsx'
import { usePageTitle } from '../shell/page-title.ts'
import { Queries } from '../shell/queries.tsx'
import { GAMES, type Game } from './look.ts'
import { YourGames } from './your-games.tsx'
import styles from './games-page.module.css'
import type { api } from '@plenary/kinds'

const MINUTE_MS = 60_000
/** Minutes for each player; the game's own idea is the first. */
const CLOCKS = [
  { value: 'usual', label: 'As usual for the game' },
  { value: '5', label: 'Five minutes each' },
  { value: 'none', label: 'No clock' },
] as const

/** The lobby: with a friend or with whoever is there, in one press. */
export function GamesPage() {
  usePageTitle('Games')
  return (
    <Queries>
      <Frame footer={<NodeLine />}>
        <Lobby />
        <YourGames />
      </Frame>
    </Queries>
  )
}

function Lobby() {
  const client = useClient()
  const navigate = useNavigate()
  const [name, setName] = useState(lastName)
  const [clock, setClock] = useState<string>('usual')
  const enter = useMutation({
    mutationFn: async ({ game, match }: { game: Game; match: boolean }): Promise<api.EventInfo> => {
      const asked = { kind: game.kind.name, title: game.look.title, name: name.trim() }
      rememberName(asked.name)
      if (match) return (await client.match(asked)).event
      const clockMs = clock === 'none' ? null : Number(clock) * MINUTE_MS
      const settings = clock === 'usual' ? {} : { clockMs }
      return (await client.createRoom({ ...asked, settings })).event
    },
    onSuccess: async (event, { match }) => {
      remember(event)
      const [room] = event.rooms
      if (room === undefined) return
      const params = { code: event.code, room: room.id }
      await navigate({ to: '/e/$code/g/$room', params, search: match ? { match: true } : {} })
    },
  })
  const named = name.trim() !== ''
  const busy = (game: Game, match: boolean) =>
    enter.isPending && enter.variables.game === game && enter.variables.match === match
  return (
    <>
      <div className={styles.head}>
        <h1>Games</h1>
        <p>Two play, anyone can watch. Leave, lose the network, change the device: the board waits as it was.</p>
      </div>
      <div className={styles.who}>
        <TextInput
          label="Your name"
          description="The other player sees it."
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={LIMITS.nameChars}
          autoComplete="nickname"
          required
          withAsterisk={false}
        />
        <NativeSelect
          label="Clock"
          description="With a friend. A quick match has the usual one."
          data={CLOCKS.map((each) => ({ ...each }))}
          value={clock}
          onChange={(event) => setClock(event.currentTarget.value)}
        />
      </div>
      {enter.isError ? <InlineFailure error={enter.error} /> : null}
      <ul className={styles.games}>
        {GAMES.map((game) => (
          <li key={game.kind.name} className={styles.card}>
            <div className={styles.pieces}>
              <span data-side="0">
                <game.look.Piece side={0} />
              </span>
              <span data-side="1">
                <game.look.Piece side={1} />
              </span>
            </div>
            <h2>{game.look.title}</h2>
            <p>{game.look.pitch}</p>
            <Button
              size="lg"
              leftSection={<IconBolt size={20} stroke={1.75} />}
              disabled={!named}
              loading={busy(game, true)}
              onClick={() => enter.mutate({ game, match: true })}
            >
              Quick match
            </Button>
            <Button
              size="lg"
              variant="light"
              leftSection={<IconUserPlus size={20} stroke={1.75} />}
              disabled={!named}
              loading={busy(game, false)}
              onClick={() => enter.mutate({ game, match: false })}
            >
              Play a friend
            </Button>
          </li>
        ))}
      </ul>
      {named ? null : <p className={styles.note}>Type your name first.</p>}
    </>
  )
}
