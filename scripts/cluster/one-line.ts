const LINES_SHOWN = 3
/** What a starter says before the log that tells why. */
const PREFACE = /could not be started:$/

/** What went wrong, in one line: the end of a log counts most, and what it repeats counts once. */
export function oneLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  const lines = message.split('\n').map((line) => line.trim())
  const told = [...new Set(lines)].filter((line) => line !== '' && !PREFACE.test(line))
  return told.slice(-LINES_SHOWN).join(' | ') || message.trim()
}
