import styles from './chat.module.css'

/** Past so many, names give way to a number. */
const NAMED_MAX = 2

function typingText(names: readonly string[]): string {
  const [first, second] = names
  if (first === undefined) return ''
  if (second === undefined) return `${first} is typing`
  if (names.length <= NAMED_MAX) return `${first} and ${second} are typing`
  return `${names.length} people are typing`
}

/** Who is typing; its place is kept, so that the conversation does not jump. Not read out: it would never end. */
export function TypingLine({ names }: { names: readonly string[] }) {
  return (
    <p className={styles.typing} data-testid="typing">
      {names.length > 0 ? (
        <>
          <span className={styles.dots} aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          {typingText(names)}
        </>
      ) : null}
    </p>
  )
}
