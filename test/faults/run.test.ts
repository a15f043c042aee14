import { expect, test } from 'vitest'
import type { Row, RowResult } from './row.ts'
import { runRows, type RowReport } from './run.ts'

const PASSED: RowResult = { figures: { lost: 0 }, pass: true, failed: [] }

function row(name: string, run: Row['run']): Row {
  return { name, title: `title of ${name}`, bar: 'none', quick: true, run }
}

async function runAll(rows: Row[], stop = new AbortController()): Promise<{ all: boolean; reports: RowReport[] }> {
  const reports: RowReport[] = []
  const all = await runRows(rows, {
    quick: false,
    signal: stop.signal,
    progress: () => undefined,
    done: (report) => reports.push(report),
  })
  return { all, reports }
}

test('every row is reported as it was measured', async () => {
  const { all, reports } = await runAll([row('one', async () => PASSED), row('two', async () => PASSED)])
  expect(all).toBe(true)
  expect(reports.map(({ row: name, title, pass, figures }) => ({ name, title, pass, figures }))).toEqual([
    { name: 'one', title: 'title of one', pass: true, figures: { lost: 0 } },
    { name: 'two', title: 'title of two', pass: true, figures: { lost: 0 } },
  ])
})

test('one that fails or throws fails the run, and the others are run all the same', async () => {
  const { all, reports } = await runAll([
    row('fails', async () => ({ figures: { lost: 1 }, pass: false, failed: ['lost is 1, not 0'] })),
    row('throws', () => Promise.reject(new Error('nobody answers'))),
    row('passes', async () => PASSED),
  ])
  expect(all).toBe(false)
  expect(reports.map(({ pass, failed }) => ({ pass, failed }))).toEqual([
    { pass: false, failed: ['lost is 1, not 0'] },
    { pass: false, failed: ['nobody answers'] },
    { pass: true, failed: [] },
  ])
})

test('a run that is given up reports no row that it did not finish, and is no success', async () => {
  const stop = new AbortController()
  const given = row('given up', async () => {
    stop.abort()
    return PASSED
  })
  const { all, reports } = await runAll([row('one', async () => PASSED), given, row('never', async () => PASSED)], stop)
  expect(all).toBe(false)
  expect(reports.map(({ row: name }) => name)).toEqual(['one'])
})

test('a row gets a shared cluster only for the log that it names', async () => {
  const { reports } = await runAll([
    row('asks', async (context) => {
      await context.cluster()
      return PASSED
    }),
  ])
  expect(reports[0]?.failed).toEqual(['The row asks names no log.'])
})
