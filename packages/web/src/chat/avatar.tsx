import styles from './avatar.module.css'

/** Hues that stay apart from each other and read in both schemes. */
const HUES = 24

const segmenter = new Intl.Segmenter()

function hueOf(id: string): number {
  // FNV-1a: ids that differ a little get colours that differ a lot.
  let hash = 0x811c9dc5
  for (let at = 0; at < id.length; at++) hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193)
  return (hash >>> 0) % HUES
}

function firstLetter(word: string | undefined): string {
  if (word === undefined) return ''
  for (const { segment } of segmenter.segment(word)) return segment
  return ''
}

function initials(name: string): string {
  const words = name.split(' ').filter((word) => word !== '')
  return (firstLetter(words[0]) + firstLetter(words.length > 1 ? words.at(-1) : undefined)).toLocaleUpperCase()
}

/** A person as a coloured seat with their initials; the name stands beside it in words. */
export function Avatar({ id, name, small = false }: { id: string; name: string; small?: boolean }) {
  return (
    <span
      className={styles.avatar}
      data-small={small || undefined}
      aria-hidden="true"
      style={{ '--hue': `${hueOf(id) * (360 / HUES)}deg` } as React.CSSProperties}
    >
      {initials(name)}
    </span>
  )
}
