import { keyText, LINE_KEYS, ROOM_KEYS } from './keys.ts'
import { RoomDialog } from './room-dialog.tsx'
import form from './form.module.css'
import styles from './key-sheet.module.css'

interface KeySheetProps {
  on: boolean
  onSwitch(on: boolean): void
  onClose(): void
}

/** Every key there is. */
export function KeySheet({ on, onSwitch, onClose }: KeySheetProps) {
  return (
    <RoomDialog title="Keys" onClose={onClose}>
      <label className={form.check}>
        <input type="checkbox" checked={on} onChange={({ currentTarget }) => onSwitch(currentTarget.checked)} />
        Single keys act anywhere in the room
      </label>
      <div className={styles.columns}>
        <KeyList title="In the room" keys={[...Object.values(ROOM_KEYS), { key: '1–7', does: 'To a panel' }]} />
        <KeyList
          title="With a line chosen"
          keys={[{ key: '↑ ↓', does: 'Choose a line' }, { key: 'Enter', does: 'Edit it' }, ...Object.values(LINE_KEYS)]}
        />
      </div>
    </RoomDialog>
  )
}

function KeyList({ title, keys }: { title: string; keys: readonly Parameters<typeof keyText>[0][] }) {
  return (
    <section>
      <h3>{title}</h3>
      <dl className={styles.keys}>
        {keys.map((key) => (
          <div key={key.does}>
            <dt>
              <kbd>{key.key === 'Enter' ? 'Enter' : keyText(key)}</kbd>
            </dt>
            <dd>{key.does}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
