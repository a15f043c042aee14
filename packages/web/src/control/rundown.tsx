import { clockOf } from '@plenary/kinds'
import { stage } from '@plenary/kinds/client'
import { IconPlus } from '@tabler/icons-react'
import { KeyButton } from './key-button.tsx'
import { LAYOUTS } from './layouts.ts'
import { Lines, type LineAct } from './lines.tsx'
import { may } from './may.ts'
import type { StageRoom } from './rooms.ts'
import { driftText, elapsedText } from './time-text.ts'
import { useServerNow } from './use-server-now.ts'
import styles from './rundown.module.css'
import type { Backstage, Cue, CueClock, Role } from '@plenary/kinds'

const TICK_MS = 1_000

interface RundownProps {
  room: StageRoom
  backstage: Backstage
  role: Role
  onAdd(): void
  onEdit(cue: Cue): void
}

/** The evening in order: plan and reality of each cue, and what can be done with the one chosen. */
export function Rundown({ room, backstage, role, onAdd, onEdit }: RundownProps) {
  const now = useServerNow(TICK_MS)
  const { cues, live } = backstage
  const clock = clockOf(backstage, now)
  const times = new Map(clock.cues.map((row) => [row.id, row]))
  const allowed = (type: string) => may(stage, type, role)
  const place = (cue: Cue) => cues.findIndex(({ id }) => id === cue.id)
  const acts: LineAct<Cue>[] = [
    {
      does: 'go',
      label: 'Go',
      kind: 'strong',
      can: ({ id }) => allowed('go') && id !== live.cue && live.until === null,
      run: ({ id }) => void room.send('go', { to: id }),
    },
    { does: 'edit', label: 'Edit', can: () => allowed('edit'), run: onEdit },
    {
      does: 'up',
      label: 'Up',
      can: (cue) => allowed('move') && place(cue) > 0,
      run: (cue) => void room.send('move', { cue: cue.id, before: cues[place(cue) - 1]?.id ?? null }),
    },
    {
      does: 'down',
      label: 'Down',
      can: (cue) => allowed('move') && place(cue) < cues.length - 1,
      run: (cue) => void room.send('move', { cue: cue.id, before: cues[place(cue) + 2]?.id ?? null }),
    },
    {
      does: 'delete',
      label: 'Delete',
      kind: 'danger',
      can: ({ id }) => allowed('remove') && id !== live.cue,
      run: ({ id }) => void room.send('remove', { cue: id }),
    },
  ]
  return (
    <>
      <Lines
        id="panel-rundown"
        label="Rundown"
        sections={[{ title: '', items: cues }]}
        idOf={({ id }) => id}
        start={live.cue ?? undefined}
        renderLine={(cue) => (
          <CueLine cue={cue} time={times.get(cue.id)} on={cue.id === live.cue} place={place(cue) + 1} />
        )}
        acts={acts}
        enter={onEdit}
        empty={
          <>
            <p>No cues yet. A cue is one thing that happens: a welcome, a talk, a poll.</p>
            <KeyButton does="add" kind="strong" onPress={onAdd}>
              Add the first cue
            </KeyButton>
          </>
        }
      />
    </>
  )
}

/** Beside the panel's title. */
export function AddCueButton({ onAdd }: { onAdd(): void }) {
  return (
    <KeyButton does="add" kind="quiet" onPress={onAdd}>
      <IconPlus size={14} aria-hidden="true" /> Add cue
    </KeyButton>
  )
}

interface CueLineProps {
  cue: Cue
  time: CueClock | undefined
  on: boolean
  place: number
}

function CueLine({ cue, time, on, place }: CueLineProps) {
  const over = time?.overMs ?? null
  const played = over !== null
  // How much longer the present cue runs, the clock above tells; here stands what went by the plan and what did not.
  const drift = over === null || (on && over < 0) ? '' : driftText(over)
  return (
    <div className={styles.cue} data-on={on || undefined} data-played={(played && !on) || undefined}>
      <span className={styles.place}>{on ? '▶' : place}</span>
      <span className={styles.words}>
        <span className={styles.title}>{cue.title}</span>
        <span className={styles.detail}>
          {on ? 'On now · ' : ''}
          {LAYOUTS[cue.scene.layout]}
          {cue.notes === '' ? '' : ` · ${cue.notes}`}
        </span>
      </span>
      <span className={styles.times}>
        <span>{elapsedText(cue.plannedMs)}</span>
        <span className={styles.drift} data-over={(over !== null && over >= 1_000) || undefined}>
          {drift}
        </span>
      </span>
    </div>
  )
}
