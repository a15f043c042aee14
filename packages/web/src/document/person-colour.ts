/** Dark enough for white words on them, and apart from each other. */
const COLOURS = [
  '#0a5a4c',
  '#8a3a00',
  '#1a56b0',
  '#8b1d4f',
  '#4a3fb0',
  '#7a5a00',
  '#1d6b2f',
  '#7b2fa0',
  '#ac2318',
  '#00696b',
] as const

/** The colour of a person's cursor and marks, the same on every page. */
export function personColour(id: string): string {
  let hash = 0x811c9dc5
  for (let at = 0; at < id.length; at++) hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193)
  return COLOURS[(hash >>> 0) % COLOURS.length] ?? COLOURS[0]
}
