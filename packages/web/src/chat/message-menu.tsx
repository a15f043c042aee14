import { Menu } from '@mantine/core'
import {
  IconArrowBackUp,
  IconBan,
  IconCopy,
  IconPencil,
  IconPin,
  IconPinnedOff,
  IconRestore,
  IconTrash,
  IconVolume,
  IconVolumeOff,
} from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { Sheet } from '../shell/dialog.tsx'
import { actionsFor } from './actions.ts'
import { ReactionPicker } from './reaction-picker.tsx'
import styles from './menu.module.css'
import type { Action, ActionId } from './actions.ts'
import type { ChatView, Me, Message } from './chat-room.ts'

interface MessageMenuProps {
  message: Message
  /** The button that opened it. */
  from: HTMLElement
  view: ChatView
  me: Me
  reacted: readonly string[]
  onAct(id: ActionId, message: Message): void
  onReact(message: Message, emoji: string, on: boolean): void
  onClose(): void
}

const ICONS = {
  reply: IconArrowBackUp,
  copy: IconCopy,
  edit: IconPencil,
  delete: IconTrash,
  restore: IconRestore,
  pin: IconPin,
  unpin: IconPinnedOff,
  'mute-5m': IconVolumeOff,
  'mute-1h': IconVolumeOff,
  mute: IconVolumeOff,
  unmute: IconVolume,
  ban: IconBan,
  unban: IconBan,
} satisfies Record<ActionId, typeof IconBan>

/** Where a thumb works, the actions come up from the bottom; elsewhere they open at the message. */
const THUMB = '(pointer: coarse), (max-width: 40rem)'

/** What can be done with one message. */
export function MessageMenu(props: MessageMenuProps) {
  const { message, view, me, onAct, onClose } = props
  const [thumb] = useState(() => matchMedia(THUMB).matches)
  const [openedAt] = useState(Date.now)
  const actions = actionsFor(message, view, me, openedAt)
  const recent = view.messages.some(({ seq }) => seq === message.seq)
  const choose = (id: ActionId) => {
    onClose()
    onAct(id, message)
  }
  const picker =
    recent && !message.removed ? (
      <ReactionPicker
        reacted={props.reacted}
        onPick={(emoji) => {
          onClose()
          props.onReact(message, emoji, !props.reacted.includes(emoji))
        }}
      />
    ) : null
  return thumb ? (
    <FromBelow message={message} actions={actions} picker={picker} onChoose={choose} onClose={onClose} />
  ) : (
    <AtMessage
      from={props.from}
      message={message}
      actions={actions}
      picker={picker}
      onChoose={choose}
      onClose={onClose}
    />
  )
}

interface ShapeProps {
  message: Message
  actions: readonly Action[]
  picker: React.ReactNode
  onChoose(id: ActionId): void
  onClose(): void
}

function FromBelow({ message, actions, picker, onChoose, onClose }: ShapeProps) {
  return (
    <Sheet from="bottom" title={message.by.name} onClose={onClose}>
      <div role="menu" aria-label="Message actions">
        {picker}
        <ul className={styles.list} role="none">
          {actions.map(({ id, label, danger }) => {
            const Icon = ICONS[id]
            return (
              <li key={id} role="none">
                <button
                  type="button"
                  role="menuitem"
                  className={styles.item}
                  data-danger={danger}
                  onClick={() => onChoose(id)}
                >
                  <Icon size={20} stroke={1.75} aria-hidden="true" />
                  {label}
                </button>
              </li>
            )
          })}
        </ul>
      </div>
    </Sheet>
  )
}

function AtMessage({ from, message, actions, picker, onChoose, onClose }: ShapeProps & { from: HTMLElement }) {
  const [rect] = useState(() => from.getBoundingClientRect())
  useEffect(() => {
    from.setAttribute('aria-expanded', 'true')
    return () => from.setAttribute('aria-expanded', 'false')
  }, [from])
  const person = actions.filter(({ group }) => group === 'person')
  const item = ({ id, label, danger }: Action) => {
    const Icon = ICONS[id]
    return (
      <Menu.Item
        key={id}
        {...(danger && styles.danger ? { className: styles.danger } : {})}
        leftSection={<Icon size={18} stroke={1.75} aria-hidden="true" />}
        onClick={() => onChoose(id)}
      >
        {label}
      </Menu.Item>
    )
  }
  return (
    <Menu
      opened
      onClose={onClose}
      position="bottom-end"
      width={264}
      returnFocus={false}
      withinPortal={false}
      floatingStrategy="fixed"
      withInitialFocusPlaceholder={false}
    >
      <Menu.Target>
        <span
          className={styles.anchor}
          style={{ left: rect.left, top: rect.top, width: rect.width, height: rect.height }}
          aria-hidden="true"
        />
      </Menu.Target>
      <Menu.Dropdown aria-label="Message actions">
        {picker}
        {actions.filter(({ group }) => group === 'message').map(item)}
        {person.length > 0 ? (
          <>
            <Menu.Divider />
            <Menu.Label>{message.by.name}</Menu.Label>
            {person.map(item)}
          </>
        ) : null}
      </Menu.Dropdown>
    </Menu>
  )
}
