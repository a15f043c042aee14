/** A piece of a message's text, ready to draw; `at` is where in the text it begins. */
export type Segment = { at: number; text: string } & (
  | { kind: 'text' }
  | { kind: 'link'; href: string }
  | { kind: 'mention'; mine: boolean }
)

/** Someone whom a message names. */
export interface Mentioned {
  name: string
  mine: boolean
}

const LINK = /https?:\/\/[^\s<>"']+/giu
/** Punctuation at an address's end belongs to the sentence around it. */
const TAIL = /[.,;:!?)\]}'"…»”]+$/u

function linkAt(found: string): { text: string; href: string } | null {
  const open = found.includes('(')
  const text = found.replace(TAIL, (tail) => (open && tail.startsWith(')') ? ')' : ''))
  try {
    const url = new URL(text)
    return url.protocol === 'http:' || url.protocol === 'https:' ? { text, href: url.href } : null
  } catch {
    return null
  }
}

function withMentions(text: string, offset: number, names: readonly Mentioned[]): Segment[] {
  const segments: Segment[] = []
  let from = 0
  const plainUpTo = (end: number) => {
    if (end > from) segments.push({ kind: 'text', at: offset + from, text: text.slice(from, end) })
  }
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', Math.max(at + 1, from))) {
    const hit = names.find(({ name }) => text.startsWith(`@${name}`, at))
    if (!hit) continue
    plainUpTo(at)
    segments.push({ kind: 'mention', at: offset + at, text: `@${hit.name}`, mine: hit.mine })
    from = at + hit.name.length + 1
  }
  plainUpTo(text.length)
  return segments
}

/**
 * Splits what a person wrote into text, http(s) links and mentions. It stays data: nothing in it is ever read as markup.
 * `mentioned` are the people that the message itself names; other words after an @ stay text.
 */
export function segmentsOf(text: string, mentioned: readonly Mentioned[]): Segment[] {
  // A longer name first, so that "@Ann Lee" is not taken for "@Ann".
  const names = mentioned.filter(({ name }) => name !== '').toSorted((a, b) => b.name.length - a.name.length)
  const segments: Segment[] = []
  let from = 0
  for (const match of text.matchAll(LINK)) {
    const link = linkAt(match[0])
    if (!link) continue
    segments.push(...withMentions(text.slice(from, match.index), from, names), {
      kind: 'link',
      at: match.index,
      ...link,
    })
    from = match.index + link.text.length
  }
  segments.push(...withMentions(text.slice(from), from, names))
  return segments
}
