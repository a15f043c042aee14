import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Benchmark } from './benchmark.ts'
import { chart } from './chart.ts'
import type { Committed } from './committed.ts'

const DOCS = join(import.meta.dirname, '../docs')
const DOCUMENT = join(DOCS, 'BENCHMARKS.md')
const CHART = join(DOCS, 'benchmarks.svg')
const BEGIN = '<!-- figures: written by npm run bench -- --write -->'
const END = '<!-- end of figures -->'
/** So many rows of the table are drawn. */
const DRAWN = 3

/** Puts what is written down into the document's table and chart; what people wrote around them stays. */
export async function writeDocument(
  all: Readonly<Record<string, Committed>>,
  table: readonly Benchmark[],
): Promise<void> {
  const rows = table.flatMap(({ name }) => all[name] ?? [])
  const text = await readFile(DOCUMENT, 'utf8')
  const begin = text.indexOf(BEGIN)
  const end = text.indexOf(END)
  if (begin < 0 || end < begin) throw new Error(`${DOCUMENT} has no place for figures.`)
  const drawn = rows.filter(({ bench }) => table.slice(0, DRAWN).some(({ name }) => name === bench))
  await writeFile(DOCUMENT, `${text.slice(0, begin)}${BEGIN}\n\n${figures(rows)}\n\n${text.slice(end)}`)
  await writeFile(CHART, chart(drawn))
}

/** The table of all rows. */
export function figures(rows: readonly Committed[]): string {
  const head = ['benchmark', 'what', 'ours', 'beside it', 'bar', '']
  const lines = rows.map(({ bench, what, sides, held, unit, bar, pass }) => {
    const [ours, ...others] = sides.map(({ name, value }) => `${name} ${value.toLocaleString('en')}`)
    const measured = held.map(({ name, value }) => `${value.toLocaleString('en')} ${name}`).join('; ')
    const beside = [...others, measured].join('; ')
    return [`\`${bench}\``, `${what} (${unit})`, ours ?? '', beside, bar, pass ? 'held' : '**missed**']
  })
  const table = aligned(head, lines)
  const measured = rows.map(({ bench, machine, commit }) => ({ bench, on: `${machine}, commit ${commit}` }))
  const places = Map.groupBy(measured, ({ on }) => on)
  const where = [...places].map(([on, some]) => `${on}: ${some.map(({ bench }) => bench).join(', ')}.`)
  return `![Bars for each side of the first rows](benchmarks.svg)\n\n${table}\n\nMeasured on ${where.join(' ')}`
}

/** As the formatter wants it, so that what was written can be committed as it is. */
function aligned(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const widths = head.map((_, at) => Math.max(3, ...[head, ...lines].map((cells) => cells[at]?.length ?? 0)))
  const rule = widths.map((width) => '-'.repeat(width))
  return [head, rule, ...lines]
    .map((cells) => `| ${widths.map((width, at) => (cells[at] ?? '').padEnd(width)).join(' | ')} |`)
    .join('\n')
}
