import { parseSync } from 'vite'

/** One numbered rule of docs/SPEC.md. */
export interface Rule {
  /** Such as `R5`. */
  id: string
  /** Why a part of it cannot be shown by one process; null where all of it can. */
  waits: string | null
}

/** Rules that speak of other nodes only: these alone may be without a test, as long as SPEC says what they wait for. */
const MAY_WAIT = new Set(['R8'])

/** The rules of the specification, each a heading `### R5 Resume` with its text; a line `Waits for the cluster: …` says what must wait. */
export function rulesIn(spec: string): Rule[] {
  return spec.split(/^(?=#{1,3} )/m).flatMap((section) => {
    const id = /^### (R\d+) /.exec(section)?.[1]
    const waits = /^Waits for the cluster: (.+)$/m.exec(section)?.[1] ?? null
    return id === undefined ? [] : [{ id, waits }]
  })
}

/** The numbers in the titles of a file's tests that run: `[R5] a client that …`. Throws when the file is not valid code. */
export function titledRules(file: string, source: string): string[] {
  const { program, errors } = parseSync(file, source)
  if (errors[0] !== undefined) throw new Error(`${file}: ${errors[0].message}`)
  return titles(program).flatMap((title) => [...title.matchAll(/\[(R\d+)\]/g)].flatMap((match) => match[1] ?? []))
}

/** What is wrong between rules and titles, one line each. `titled` has the numbers found in each file. */
export function brokenPromises(rules: readonly Rule[], titled: ReadonlyMap<string, readonly string[]>): string[] {
  const known = new Set(rules.map(({ id }) => id))
  const shown = new Set([...titled.values()].flat())
  const missing = rules.flatMap(({ id, waits }) => {
    if (shown.has(id)) return []
    if (waits === null) return [`${id} has no test titled [${id}], and docs/SPEC.md does not say what it waits for`]
    return MAY_WAIT.has(id) ? [] : [`${id} has no test titled [${id}]; a part of it can be shown by one process`]
  })
  const unknown = [...titled].flatMap(([file, ids]) =>
    ids
      .filter((id) => !known.has(id))
      .map((id) => `${file}: a test is titled [${id}], which docs/SPEC.md does not have`),
  )
  return [...missing, ...unknown]
}

type Node = Record<string, unknown> & { type: string }
const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'

/** `law` makes the tests that hold every kind. */
const TESTING = new Set(['test', 'it', 'describe', 'law'])
/** What keeps a test from running, or from having to pass. */
const IDLE = new Set(['skip', 'todo', 'fails', 'fixme', 'skipIf', 'runIf'])

function titles(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(titles)
  if (!isNode(value)) return []
  const inside = Object.values(value).flatMap((child) => (typeof child === 'object' ? titles(child) : []))
  if (value.type !== 'CallExpression' || !Array.isArray(value['arguments'])) return inside
  const words = calledBy(value['callee'])
  if (!TESTING.has(words[0] ?? '') || words.some((word) => IDLE.has(word))) return inside
  return [titleOf(value['arguments'][0]), ...inside]
}

/** `test.each([…])` as `['test', 'each']`. */
function calledBy(callee: unknown): string[] {
  if (!isNode(callee)) return []
  if (callee.type === 'Identifier') return [String(callee['name'])]
  if (callee.type === 'MemberExpression') return [...calledBy(callee['object']), ...calledBy(callee['property'])]
  return callee.type === 'CallExpression' || callee.type === 'TaggedTemplateExpression'
    ? calledBy(callee['callee'] ?? callee['tag'])
    : []
}

function titleOf(argument: unknown): string {
  if (!isNode(argument)) return ''
  if (argument.type === 'Literal') return String(argument['value'])
  const parts: unknown = argument['quasis']
  if (!Array.isArray(parts)) return ''
  return parts.map((part: unknown) => (isNode(part) ? cooked(part['value']) : '')).join('')
}

const cooked = (value: unknown) =>
  typeof value === 'object' && value !== null && 'cooked' in value && typeof value.cooked === 'string'
    ? value.cooked
    : ''
