import { IconPhotoOff } from '@tabler/icons-react'
import { useState } from 'react'
import styles from './scene.module.css'
import type { Scene } from '@plenary/kinds'

/** A slide. What it shows is said as well, and is all there is when it does not come. */
export function SceneImage({ scene: { url, alt, text } }: { scene: Extract<Scene, { layout: 'image' }> }) {
  const [failed, setFailed] = useState(false)
  if (failed)
    return (
      <div className={styles.words}>
        <IconPhotoOff size={44} stroke={1.5} aria-hidden="true" className={styles.sign} />
        <h2 className={styles.heading} dir="auto">
          {text ?? alt}
        </h2>
        <p className={styles.detail} dir="auto">
          {text === undefined ? 'The picture cannot be loaded.' : alt}
        </p>
      </div>
    )
  return (
    <figure className={styles.picture}>
      <img src={url} alt={alt} referrerPolicy="no-referrer" decoding="async" onError={() => setFailed(true)} />
      {text === undefined ? null : <figcaption dir="auto">{text}</figcaption>}
    </figure>
  )
}
