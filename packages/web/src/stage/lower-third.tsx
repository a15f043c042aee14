import styles from './scene.module.css'
import type { LowerThird as Caption } from '@plenary/kinds'

/** Who speaks, or what this is: a caption over the lower edge of the stage. */
export function LowerThird({ caption: { title, detail } }: { caption: Caption }) {
  return (
    <div className={styles.lowerThird} role="note" aria-label="Caption">
      <strong dir="auto">{title}</strong>
      {detail === undefined ? null : <span dir="auto">{detail}</span>}
    </div>
  )
}
