import { canEmbed } from '@plenary/kinds'
import { IconExternalLink, IconPlayerPlay } from '@tabler/icons-react'
import styles from './scene.module.css'
import type { Scene } from '@plenary/kinds'

interface SceneVideoProps {
  scene: Extract<Scene, { layout: 'video' }>
  /** Said and not loaded: a preview must not play along. */
  preview: boolean
}

/** A video of a provider on the list: in place where its host may be framed, else as a link to it. */
export function SceneVideo({ scene: { video, text }, preview }: SceneVideoProps) {
  const title = text ?? `Video from ${video.provider}`
  const host = new URL(video.url).hostname.replace(/^www\./u, '')
  if (preview || !canEmbed(video))
    return (
      <div className={styles.words}>
        <IconPlayerPlay size={44} stroke={1.5} aria-hidden="true" className={styles.sign} />
        <h2 className={styles.heading} dir="auto">
          {title}
        </h2>
        <a className={styles.link} href={video.url} target="_blank" rel="noopener noreferrer">
          Watch on {host}
          <IconExternalLink size={18} stroke={1.75} aria-hidden="true" />
        </a>
      </div>
    )
  return (
    <div className={styles.framed}>
      <iframe
        className={styles.frame}
        src={video.embed}
        title={title}
        allow="autoplay; encrypted-media; fullscreen; picture-in-picture"
        allowFullScreen
        referrerPolicy="strict-origin-when-cross-origin"
        // oxlint-disable-next-line react/iframe-missing-sandbox -- its host is never ours: see `canEmbed`
        sandbox="allow-scripts allow-same-origin allow-presentation allow-popups allow-popups-to-escape-sandbox"
      />
      <a className={styles.source} href={video.url} target="_blank" rel="noopener noreferrer">
        Open on {host}
        <IconExternalLink size={14} stroke={1.75} aria-hidden="true" />
      </a>
    </div>
  )
}
