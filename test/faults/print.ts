import type { RowReport } from './run.ts'

/** A row for people: what was done, what was asked for, and what was measured. */
export function printed({ row, title, bar, figures, pass, failed, tookMs }: RowReport): string {
  const measured = Object.entries(figures).map(([name, value]) => `${name} ${value}`)
  return [
    `${pass ? 'PASS' : 'FAIL'}  ${row} (${(tookMs / 1000).toFixed(1)} s): ${title}`,
    `      bar: ${bar}`,
    `      ${measured.join(', ')}`,
    ...failed.map((why) => `      FAILED: ${why}`),
    '',
  ].join('\n')
}
