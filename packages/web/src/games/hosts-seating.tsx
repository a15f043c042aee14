import { Button, NativeSelect } from '@mantine/core'
import { sideOf, type GameState, type Side } from '@plenary/kinds'
import { IconArmchair } from '@tabler/icons-react'
import styles from './game-room.module.css'
import type { Room, RoomSnapshot } from '@plenary/client'
import type { BoardGame } from '@plenary/kinds'
import type { Game } from './look.ts'

interface HostsSeatingProps {
  game: Game
  room: Room<BoardGame>
  state: GameState
  presence: RoomSnapshot<BoardGame>['presence']
}

/** Where the hosts say who plays: a seat for anyone who is here, and the seats free again. */
export function HostsSeating({ game, room, state, presence }: HostsSeatingProps) {
  const here = presence.members.filter((member) => sideOf(state, member) === null)
  const seat = (side: Side, user: string) => {
    const chosen = here.find(({ id }) => id === user)
    // What is refused is said by the room.
    if (chosen) room.send('seat', { side, user: chosen.id, name: chosen.name }).catch(() => undefined)
  }
  return (
    <fieldset className={styles.seating}>
      <legend>Who plays</legend>
      {([0, 1] as const).map((side) => {
        const seated = state.seats[side]
        return seated === null ? (
          <NativeSelect
            key={side}
            aria-label={`${game.look.pieces[side]}: who plays`}
            value=""
            data={[
              { value: '', label: here.length === 0 ? 'Nobody else is here' : `${game.look.pieces[side]}: choose…` },
              ...here.map(({ id, name }) => ({ value: id, label: name })),
            ]}
            onChange={(event) => seat(side, event.currentTarget.value)}
          />
        ) : (
          <Button
            key={side}
            variant="default"
            leftSection={<IconArmchair size={18} stroke={1.75} />}
            onClick={() => void room.send('unseat', { side }).catch(() => undefined)}
          >
            Free {seated.name}’s seat
          </Button>
        )
      })}
    </fieldset>
  )
}
