/** Someone who can be mentioned. */
export interface Candidate {
  id: string
  name: string
}

/** The mention being typed: where its @ stands, and what follows it up to the caret. */
export interface MentionQuery {
  at: number
  typed: string
}

/** Longest name that is looked for behind an @, in characters. */
const TYPED_MAX = 40
/** How many are offered at once. */
const OFFERED_MAX = 6

/** What is being mentioned at the caret; null when nothing is. An @ counts at the start of a word alone. */
export function mentionAt(text: string, caret: number): MentionQuery | null {
  const before = text.slice(Math.max(0, caret - TYPED_MAX), caret)
  const match = /(?:^|[\s(])@([^\s@][^@\n]*|)$/u.exec(before)
  const typed = match?.[1]
  return typed === undefined ? null : { at: caret - typed.length - 1, typed }
}

/** Those whose name, or a word of it, begins as typed; at most six, in the order given. */
export function offered(candidates: readonly Candidate[], typed: string): Candidate[] {
  const wanted = typed.toLocaleLowerCase()
  return candidates
    .filter(({ name }) => {
      const lower = name.toLocaleLowerCase()
      return lower.startsWith(wanted) || lower.split(' ').some((word) => wanted !== '' && word.startsWith(wanted))
    })
    .slice(0, OFFERED_MAX)
}

/** The text with the typed part replaced by the whole name, and where the caret goes. */
export function complete(text: string, query: MentionQuery, name: string): { text: string; caret: number } {
  const head = `${text.slice(0, query.at)}@${name} `
  return { text: head + text.slice(query.at + 1 + query.typed.length).trimStart(), caret: head.length }
}

/** Of the people picked while writing, those whose name still stands in the text. */
export function mentionsIn(text: string, picked: ReadonlyMap<string, string>): string[] {
  return [...picked].filter(([, name]) => text.includes(`@${name}`)).map(([id]) => id)
}
