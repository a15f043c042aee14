import { LAYOUTS } from './layouts.ts'
import { leftText } from './time-text.ts'
import styles from './on-air.module.css'
import type { OnStage } from '@plenary/kinds'

/** An attendee's stage in small: nothing in it plays or can be pressed. */
export function Screen({ on: { show, hold, lowerThird, announcement }, now }: { on: OnStage; now: number }) {
  const scene = show?.scene
  return (
    <div className={styles.screen}>
      {scene === undefined ? (
        <div className={styles.scene}>
          <small>The stage is empty: they wait.</small>
        </div>
      ) : (
        <div className={styles.scene}>
          {scene.layout === 'image' ? (
            <img className={styles.image} src={scene.url} alt={scene.alt} />
          ) : (
            <small>{scene.layout === 'video' ? `Video from ${scene.video.provider}` : LAYOUTS[scene.layout]}</small>
          )}
          {scene.text === undefined || scene.layout === 'image' ? null : <strong>{scene.text}</strong>}
          {show?.until == null ? null : <span className={styles.count}>{leftText(Math.max(0, show.until - now))}</span>}
        </div>
      )}
      {lowerThird === null ? null : (
        <div className={styles.lower}>
          <strong>{lowerThird.title}</strong>
          {lowerThird.detail === undefined ? null : ` · ${lowerThird.detail}`}
        </div>
      )}
      {announcement === null ? null : <div className={styles.pinned}>{announcement}</div>}
      {hold === null ? null : (
        <div className={styles.held}>
          <strong>On hold</strong>
          <span>{hold.text ?? 'They see that it goes on soon.'}</span>
        </div>
      )}
    </div>
  )
}
