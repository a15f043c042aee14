import { memo } from 'react'
import { segmentsOf } from './segments.ts'
import styles from './message.module.css'
import type { Mentioned } from './segments.ts'

interface MessageTextProps {
  text: string
  mentioned?: readonly Mentioned[]
}

const NOBODY: readonly Mentioned[] = []

/** What a person wrote. The only elements made from it are links to http(s) and marks around names. */
export const MessageText = memo(function MessageText({ text, mentioned = NOBODY }: MessageTextProps) {
  return (
    <p className={styles.text} dir="auto">
      {segmentsOf(text, mentioned).map((segment) => {
        if (segment.kind === 'link')
          return (
            <a key={segment.at} href={segment.href} target="_blank" rel="noopener noreferrer nofollow">
              {segment.text}
            </a>
          )
        if (segment.kind === 'mention')
          return (
            <mark key={segment.at} className={styles.mention} data-mine={segment.mine || undefined}>
              {segment.text}
            </mark>
          )
        return segment.text
      })}
    </p>
  )
})
