import type { TrialReport } from './trial.ts'

const HEAD = ['RUN', 'FAULT', 'TAKEN AGAIN', 'AT MOST', 'SLOWEST', 'SENT', 'LOST', 'DUPLICATED', 'REORDERED', 'PASS']

/** A line for each fault, with what became of the crowd that saw it. */
export function table(reports: readonly TrialReport[]): string {
  const rows = reports.flatMap(({ name, faults, ...crowd }) =>
    faults.map(({ title, silenceMs, silenceMsMax, slowestMs, pass }) => [
      ...[name, title, ms(silenceMs), ms(silenceMsMax), ms(slowestMs)],
      ...[crowd.sent, crowd.lost, crowd.duplicated, crowd.reordered].map(String),
      pass && crowd.pass ? 'yes' : 'no',
    ]),
  )
  const widths = HEAD.map((title, place) => Math.max(title.length, ...rows.map((row) => row[place]?.length ?? 0)))
  const lines = [HEAD, ...rows].map((row) =>
    row
      .map((cell, place) => cell.padEnd(widths[place] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  return `${lines.join('\n')}\n`
}

const ms = (value: number) => `${(value / 1000).toFixed(2)} s`
