import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { readImports } from './imports/read-imports.ts'
import { importProblems } from './imports.ts'

const manifest = (name: string) => JSON.stringify({ name: `@plenary/${name}`, exports: { '.': './src/index.ts' } })

/** The problems of a repository that has these files beside two clean packages. */
async function problemsOf(files: Record<string, string>): Promise<string[]> {
  const root = await mkdtemp(join(tmpdir(), 'plenary-imports-'))
  const clean = {
    'packages/kinds/package.json': manifest('kinds'),
    'packages/kinds/src/index.ts': `export * from './room.ts'`,
    'packages/kinds/src/room.ts': `import { z } from 'zod'\nexport const room = z.string()`,
    'packages/engine/package.json': manifest('engine'),
    'packages/engine/src/index.ts': `export { node } from './node.ts'`,
    'packages/engine/src/node.ts': `import { room } from '@plenary/kinds'\nimport 'node:fs'\nexport const node = room`,
  }
  try {
    for (const [path, source] of Object.entries({ ...clean, ...files })) {
      await mkdir(dirname(join(root, path)), { recursive: true })
      await writeFile(join(root, path), source)
    }
    return await importProblems(root)
  } finally {
    await rm(root, { recursive: true, force: true })
  }
}

test('a clean repository has no problem', async () => {
  expect(await problemsOf({})).toEqual([])
})

test.each([
  [
    'against the direction',
    'packages/kinds/src/a.ts',
    `import type { node } from '@plenary/engine'`,
    'kinds must not import engine',
  ],
  [
    'sideways',
    'packages/engine/src/a.ts',
    `export const a = import('@plenary/client')`,
    'engine must not import client',
  ],
  [
    'by a type',
    'packages/engine/src/a.ts',
    `export type A = import('@plenary/server').A`,
    'engine must not import server',
  ],
  ['by path', 'packages/engine/src/a.ts', `import { room } from '../../kinds/src/room.ts'`, 'by name, not by path'],
  ['of itself by name', 'packages/engine/src/a.ts', `import { node } from '@plenary/engine'`, 'its own files by path'],
  ['from beside', 'packages/engine/src/a.ts', `import '../../../scripts/check.ts'`, 'nothing from beside it'],
  ['outside of zod', 'packages/kinds/src/a.ts', `import 'node:fs'`, 'but zod, yjs, not node:fs'],
  [
    'of a test library by code',
    'packages/kinds/src/a.ts',
    `import fc from 'fast-check'`,
    'but zod, yjs, not fast-check',
  ],
  ['of a new package', 'packages/extra/src/a.ts', `import 'zod'`, 'has no place'],
])('an import %s is found', async (_, path, source, problem) => {
  const extra = { 'packages/extra/package.json': manifest('extra') }
  expect(await problemsOf({ ...extra, [path]: source })).toEqual([expect.stringMatching(`^${path}: .*${problem}`)])
})

test('tests of kinds take test libraries; examples, scripts and tests take anything', async () => {
  const anything = `import '@plenary/engine'\nimport '../../packages/kinds/src/room.ts'`
  const files = {
    'packages/kinds/src/room.test.ts': `import 'vitest'\nimport 'node:fs'\nimport './testing/laws.ts'`,
    'packages/kinds/src/testing/laws.ts': `import 'fast-check'`,
    'examples/counter/page.ts': anything,
    'scripts/deep/run.ts': anything,
    'test/browser/run.ts': anything,
  }
  expect(await problemsOf(files)).toEqual([])
})

test('a circle is found, also one of types alone', async () => {
  const files = {
    'packages/engine/src/a.ts': `import { b } from './b.ts'\nexport const a = b`,
    'packages/engine/src/b.ts': `export * from './c.ts'\nexport const b = 1`,
    'packages/engine/src/c.ts': `import type { a } from './a.ts'\nexport type C = typeof a`,
  }
  const [problem, ...more] = await problemsOf(files)
  expect(problem).toBe('a circle: packages/engine/src/a.ts ↔ packages/engine/src/b.ts ↔ packages/engine/src/c.ts')
  expect(more).toEqual([])
})

test('a barrel besides the entry is found, and so are names that say nothing', async () => {
  const files = {
    'packages/engine/src/log/index.ts': `export const log = 1`,
    'packages/engine/src/log/all.ts': `export * from './index.ts'\nexport type { A } from './index.ts'`,
    'packages/engine/src/log/utils.ts': `export const a = 1`,
    'packages/engine/src/common/b.ts': `export const b = 1`,
  }
  expect(await problemsOf(files)).toEqual([
    expect.stringMatching('common/b.ts: “common” says nothing'),
    expect.stringMatching('log/all.ts: only a package'),
    expect.stringMatching('log/index.ts: only a package'),
    expect.stringMatching('log/utils.ts: “utils.ts” says nothing'),
  ])
})

test('what looks like an import in a comment, a string or a template is none', () => {
  const source = `
    // import './comment.ts'
    /* export * from './comment.ts' */
    const text = "import './string.ts'"
    const page = \`import './template.ts' \${await import('./real.ts')}\`
    const computed = await import(text)
    export { text, page, computed }`
  expect(readImports('a.ts', source)).toEqual({ imports: ['./real.ts'], barrel: false })
})
