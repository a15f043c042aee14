import { readFile, readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { brokenPromises, rulesIn, titledRules } from './promises.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const FOLDERS = ['packages', 'examples', 'test', 'scripts']
/** Tests, and the suites that tests are made of. */
const TESTS = /(?:\.(?:test|spec|contract)\.tsx?|\/testing\/.*\.ts)$/
/** Its planted titles are no promises. */
const SELF = 'test/promises.test.ts'

async function testFiles(): Promise<string[]> {
  const found = await Promise.all(
    FOLDERS.map((folder) => readdir(join(root, folder), { recursive: true, withFileTypes: true })),
  )
  return found
    .flat()
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((path) => TESTS.test(path) && path !== SELF)
}

test('every rule of docs/SPEC.md has a test titled with its number, and every number in a title is a rule', async () => {
  const rules = rulesIn(await readFile(join(root, 'docs/SPEC.md'), 'utf8'))
  expect(rules.map(({ id }) => id)).toEqual(Array.from({ length: 12 }, (_, at) => `R${at + 1}`))
  const titled = new Map<string, string[]>()
  for (const file of await testFiles()) titled.set(file, titledRules(file, await readFile(join(root, file), 'utf8')))
  expect(brokenPromises(rules, titled)).toEqual([])
})

describe('what is found', () => {
  const rules = [
    { id: 'R1', waits: null },
    { id: 'R8', waits: 'another gateway' },
    { id: 'R9', waits: 'another owner' },
  ]

  test('a rule without a test, unless it speaks of other nodes only and says so', () => {
    expect(brokenPromises(rules, new Map([['a.test.ts', ['R1', 'R9']]]))).toEqual([])
    expect(brokenPromises(rules, new Map([['a.test.ts', ['R9']]]))).toEqual([expect.stringContaining('R1 has no test')])
    expect(brokenPromises(rules, new Map([['a.test.ts', ['R1']]]))).toEqual([expect.stringContaining('R9 has no test')])
    const silent = [{ id: 'R8', waits: null }]
    expect(brokenPromises(silent, new Map())).toEqual([expect.stringContaining('does not say what it waits for')])
  })

  test('a title with a number that is no rule', () => {
    expect(brokenPromises(rules, new Map([['a.test.ts', ['R1', 'R9', 'R77']]]))).toEqual([
      expect.stringContaining('a.test.ts: a test is titled [R77]'),
    ])
  })

  test('rules are headings with what they wait for, if they do', () => {
    const spec = `# Spec\nIn [R2] prose.\n## Promises\n### R1 Durable\nIt is.\n### R8 Live\nSoon.\n\nWaits for the cluster: a peer.\n## Wire\n`
    expect(rulesIn(spec)).toEqual([
      { id: 'R1', waits: null },
      { id: 'R8', waits: 'a peer.' },
    ])
  })

  test('titles of tests that run, however they are written, and nothing else', () => {
    const source = `
      // test('[R1] in a comment')
      const text = "test('[R1] in a string')"
      test('[R2] plain', () => {})
      describe('[R3] [R4] grouped', () => { it.concurrent(\`[R5] with \${text}\`, () => {}) })
      test.each([1, 2])('[R6] for each %s', () => {})
      test.skip('[R7] skipped', () => {})
      it.todo('[R8] some day')
      expect('[R9] no title')`
    expect(titledRules('a.test.ts', source).toSorted()).toEqual(['R2', 'R3', 'R4', 'R5', 'R6'])
  })
})
