import { SceneImage } from './scene-image.tsx'
import { SceneVideo } from './scene-video.tsx'
import { Card, End, Hold, NothingOn, RoomCard, Waiting } from './scene-words.tsx'
import { LowerThird } from './lower-third.tsx'
import styles from './scene.module.css'
import type { Millis, OnStage } from '@plenary/kinds'
import type { ReactNode } from 'react'
import type { RoomScene } from './room-scene.ts'

/** How each of them is drawn; without, the stage says in words what it is. */
export type SceneParts = Partial<Record<RoomScene['layout'], (scene: RoomScene) => ReactNode>>

export interface SceneProps {
  /** What is on; a preview of it has the same shape. */
  stage: Pick<OnStage, 'show' | 'hold' | 'lowerThird'>
  /** The event's title, for scenes that have no words of their own. */
  title: string
  /** The time at the server; the same function as long as it is the same clock. */
  clock(): Millis
  parts?: SceneParts
  /** Seats that are taken, for scenes that show the hall. */
  people?: number
  /** Shown and not played: what attendees would see. */
  preview?: boolean
  /** Laid over the scene, such as reactions. */
  children?: ReactNode
}

/** What is on the stage now, and nothing that anyone does there: pure in what it is given. */
export function Scene({ stage, children, ...rest }: SceneProps) {
  const { show, hold, lowerThird } = stage
  return (
    <div className={styles.scene} data-layout={hold === null ? (show?.scene.layout ?? 'nothing') : 'hold'}>
      {/* A hold is over everything: what it covers is not there, so that it cannot be heard either. */}
      {hold === null ? (
        <div key={show?.cue} className={styles.layout}>
          <Layout show={show} {...rest} />
        </div>
      ) : (
        <Hold text={hold.text} />
      )}
      {lowerThird === null || hold !== null ? null : (
        <LowerThird key={`${lowerThird.title}\n${lowerThird.detail ?? ''}`} caption={lowerThird} />
      )}
      {children}
    </div>
  )
}

function Layout({
  show,
  title,
  clock,
  parts,
  people,
  preview = false,
}: Omit<SceneProps, 'stage' | 'children'> & Pick<OnStage, 'show'>) {
  if (show === null) return <NothingOn />
  const { scene, until } = show
  switch (scene.layout) {
    case 'welcome':
    case 'break':
      return <Waiting scene={scene} title={title} until={until} clock={clock} people={people ?? 0} />
    case 'card':
      return <Card scene={scene} title={title} />
    case 'video':
      return <SceneVideo scene={scene} preview={preview} />
    case 'image':
      return <SceneImage key={scene.url} scene={scene} />
    case 'poll':
    case 'questions':
    case 'document':
    case 'game': {
      const part = parts?.[scene.layout]?.(scene)
      return part == null ? (
        <RoomCard scene={scene} />
      ) : (
        <div className={styles.part}>
          {scene.text === undefined ? null : (
            <h2 className={styles.heading} dir="auto">
              {scene.text}
            </h2>
          )}
          {part}
        </div>
      )
    }
    case 'end':
      return <End text={scene.text} title={title} />
  }
}
