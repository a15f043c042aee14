import {
  IconChartBar,
  IconDeviceGamepad2,
  IconFileText,
  IconHandStop,
  IconMessageQuestion,
  IconPlayerPause,
} from '@tabler/icons-react'
import { Hall } from '../shell/hall.tsx'
import { Countdown } from './countdown.tsx'
import styles from './scene.module.css'
import type { Millis, Scene } from '@plenary/kinds'
import type { RoomScene } from './room-scene.ts'

interface WaitingProps {
  scene: Extract<Scene, { layout: 'welcome' | 'break' }>
  title: string
  until: Millis | null
  clock(): Millis
  people: number
}

/** Before it begins, and in a break: words, what is left of the wait, and the hall filling up. */
export function Waiting({ scene: { layout, text }, title, until, clock, people }: WaitingProps) {
  const welcome = layout === 'welcome'
  return (
    <div className={styles.words}>
      <h2 className={styles.heading} dir="auto">
        {text ?? (welcome ? title : 'Break')}
      </h2>
      {until === null ? (
        <p className={styles.detail}>{welcome ? 'We begin in a moment.' : 'We go on in a moment.'}</p>
      ) : (
        <>
          <p className={styles.detail}>{welcome ? 'We begin in' : 'We go on in'}</p>
          <Countdown until={until} clock={clock} over={welcome ? 'Any moment now' : 'Back any moment'} />
        </>
      )}
      <div className={styles.hall}>
        <Hall rows={4} taken={people} />
      </div>
    </div>
  )
}

/** Words alone; without any, the event's own name. */
export function Card({ scene: { text, detail }, title }: { scene: Extract<Scene, { layout: 'card' }>; title: string }) {
  return (
    <div className={styles.words}>
      <h2 className={styles.heading} dir="auto">
        {text ?? title}
      </h2>
      {detail === undefined ? null : (
        <p className={styles.detail} dir="auto">
          {detail}
        </p>
      )}
    </div>
  )
}

export function End({ text, title }: { text: string | undefined; title: string }) {
  return (
    <div className={styles.words}>
      <h2 className={styles.heading} dir="auto">
        {text ?? 'Thank you for being there'}
      </h2>
      <p className={styles.detail} dir="auto">
        {title}
      </p>
    </div>
  )
}

/** Over everything else while the hosts sort something out. */
export function Hold({ text }: { text: string | null }) {
  return (
    <div className={styles.words} role="status">
      <IconPlayerPause size={44} stroke={1.5} aria-hidden="true" className={styles.sign} />
      <h2 className={styles.heading} dir="auto">
        {text ?? 'One moment, please'}
      </h2>
      {text === null ? <p className={styles.detail}>We go on as soon as we can.</p> : null}
    </div>
  )
}

/** No cue has been on yet. Attendees do not get to see this; whoever previews the stage does. */
export function NothingOn() {
  return (
    <div className={styles.words}>
      <IconHandStop size={36} stroke={1.5} aria-hidden="true" className={styles.sign} />
      <p className={styles.detail}>Nothing is on yet.</p>
    </div>
  )
}

const CARDS = {
  poll: [IconChartBar, 'Poll'],
  questions: [IconMessageQuestion, 'Questions and answers'],
  document: [IconFileText, 'Document'],
  game: [IconDeviceGamepad2, 'Game'],
} as const

/** What is on, in words, where it is not drawn itself. */
export function RoomCard({ scene }: { scene: RoomScene }) {
  const [Icon, name] = CARDS[scene.layout]
  return (
    <div className={styles.words}>
      <Icon size={44} stroke={1.5} aria-hidden="true" className={styles.sign} />
      <h2 className={styles.heading} dir="auto">
        {scene.text ?? name}
      </h2>
      {scene.text === undefined ? null : <p className={styles.detail}>{name}</p>}
    </div>
  )
}
