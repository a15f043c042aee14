import { PANELS, STAGE_LIMITS } from '@plenary/kinds'
import { useState } from 'react'
import { KeyButton } from './key-button.tsx'
import { keyText, ROOM_KEYS, type RoomKey } from './keys.ts'
import { PANEL_NAMES } from './layouts.ts'
import { SaveButton } from './save-button.tsx'
import { clockText } from '../chat/times.ts'
import form from './form.module.css'
import styles from './tools.module.css'
import type { ReactNode, SubmitEvent } from 'react'
import type { Backstage } from '@plenary/kinds'
import type { StageRoom } from './rooms.ts'

/** What is laid over the stage, and what speakers are told. */
export function Tools({ room, backstage }: { room: StageRoom; backstage: Backstage }) {
  const { live } = backstage
  return (
    <div className={styles.tools}>
      <Announcement room={room} text={live.announcement} />
      <LowerThird room={room} on={live.lowerThird} />
      <ToSpeakers room={room} backstage={backstage} />
      <fieldset className={form.set}>
        <legend className={form.legend}>Open for attendees</legend>
        {PANELS.map((panel) => (
          <label key={panel} className={form.check}>
            <input
              type="checkbox"
              checked={live.panels.includes(panel)}
              onChange={({ currentTarget }) => {
                const others = live.panels.filter((other) => other !== panel)
                void room.send('panels', { panels: currentTarget.checked ? [...others, panel] : others })
              }}
            />
            {PANEL_NAMES[panel]}
          </label>
        ))}
      </fieldset>
    </div>
  )
}

function Announcement({ room, text }: { room: StageRoom; text: string | null }) {
  const [draft, setDraft] = useState('')
  return (
    <Line
      name="Announcement"
      does="announce"
      send={() => {
        void room.send('announce', { text: draft.trim() })
        setDraft('')
      }}
      ready={draft.trim() !== ''}
      verb="Pin"
      now={text}
      off={() => void room.send('announce', { text: null })}
    >
      <input
        id={FIELDS.announce}
        aria-label="Announcement"
        value={draft}
        placeholder={text === null ? 'Pinned for everyone' : 'Another one in its place'}
        maxLength={STAGE_LIMITS.announcementChars}
        onChange={({ currentTarget }) => setDraft(currentTarget.value)}
      />
    </Line>
  )
}

function LowerThird({ room, on }: { room: StageRoom; on: Backstage['live']['lowerThird'] }) {
  const [title, setTitle] = useState('')
  const [detail, setDetail] = useState('')
  return (
    <Line
      name="Lower third"
      does="lowerThird"
      send={() => {
        const more = detail.trim()
        void room.send('lowerThird', {
          lowerThird: { title: title.trim(), ...(more === '' ? {} : { detail: more }) },
        })
        setTitle('')
        setDetail('')
      }}
      ready={title.trim() !== ''}
      verb="Show"
      now={on === null ? null : [on.title, on.detail].filter((part) => part !== undefined).join(' · ')}
      off={() => void room.send('lowerThird', { lowerThird: null })}
    >
      <input
        id={FIELDS.lowerThird}
        aria-label="Lower third"
        value={title}
        placeholder="Name"
        maxLength={STAGE_LIMITS.lineChars}
        onChange={({ currentTarget }) => setTitle(currentTarget.value)}
      />
      <input
        aria-label="Its second line"
        value={detail}
        placeholder="Second line"
        maxLength={STAGE_LIMITS.lineChars}
        onChange={({ currentTarget }) => setDetail(currentTarget.value)}
      />
    </Line>
  )
}

/** What is said most, in one press. */
const PHRASES = ['One minute left', 'Please wrap up', 'Louder, please', 'Take a question']

function ToSpeakers({ room, backstage: { speakers, messages } }: { room: StageRoom; backstage: Backstage }) {
  const [draft, setDraft] = useState('')
  const [to, setTo] = useState('')
  const there = speakers.find(({ user }) => user === to)
  const say = (text: string) => void room.send('message', { text, ...(there === undefined ? {} : { to: there.user }) })
  const newest = messages.at(-1)
  return (
    <Line
      name="To the speakers"
      does="message"
      send={() => {
        say(draft.trim())
        setDraft('')
      }}
      ready={draft.trim() !== ''}
      verb="Send"
      now={newest === undefined ? null : `${clockText(newest.at)} ${newest.text}`}
      off={() => void room.send('clearMessages', {})}
      hint={
        speakers.length === 0
          ? 'No speaker has the speaker’s view open.'
          : `Standing by: ${speakers.map(({ name }) => name).join(', ')}`
      }
    >
      <input
        id={FIELDS.message}
        aria-label="Message to the speakers"
        value={draft}
        placeholder="Large on their screen"
        maxLength={STAGE_LIMITS.messageChars}
        onChange={({ currentTarget }) => setDraft(currentTarget.value)}
      />
      {speakers.length > 1 ? (
        <select aria-label="To whom" value={to} onChange={({ currentTarget }) => setTo(currentTarget.value)}>
          <option value="">All speakers</option>
          {speakers.map(({ user, name }) => (
            <option key={user} value={user}>
              {name}
            </option>
          ))}
        </select>
      ) : null}
      <span className={styles.phrases}>
        {PHRASES.map((phrase) => (
          <KeyButton key={phrase} kind="quiet" onPress={() => say(phrase)}>
            {phrase}
          </KeyButton>
        ))}
      </span>
    </Line>
  )
}

/** Where the keys lead to. */
export const FIELDS = {
  announce: 'control-announce',
  lowerThird: 'control-lower-third',
  message: 'control-message',
} as const

interface LineProps {
  name: string
  does: RoomKey & keyof typeof FIELDS
  verb: string
  ready: boolean
  /** What stands there at present. */
  now: string | null
  hint?: string
  send(): void
  off(): void
  children: ReactNode
}

/** One thing to write: what stands there now, a field, and a button. Enter sends, Esc leaves the field. */
function Line({ name, does, verb, ready, now, hint, send, off, children }: LineProps) {
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (ready) send()
  }
  return (
    <form className={styles.line} onSubmit={submit} aria-label={name}>
      <div className={styles.head}>
        <span className={form.legend}>
          {name} <kbd aria-hidden="true">{keyText(ROOM_KEYS[does])}</kbd>
        </span>
        <span className={styles.stands} title={now ?? undefined}>
          {now ?? hint ?? ''}
        </span>
        {now === null ? null : (
          <KeyButton kind="quiet" label={`Take down: ${name}`} onPress={off}>
            Take down
          </KeyButton>
        )}
      </div>
      <div className={styles.fields}>
        {children}
        <SaveButton busy={!ready}>{verb}</SaveButton>
      </div>
      {now !== null && hint !== undefined ? <small className={styles.hint}>{hint}</small> : null}
    </form>
  )
}
