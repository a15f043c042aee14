import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { delimiter, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const bin = join(root, 'node_modules/.bin')
/** Where a `tsconfig.json` of its own can lie, besides the root's. */
const PARTS = ['packages', 'examples', 'test', 'bench']

interface Step {
  name: string
  command: string
  args: string[]
}

/** `npm run check`: everything about the code that needs no running, one line each, all of them even when one fails. */
async function main(): Promise<number> {
  const failed: string[] = []
  for (const step of await steps()) {
    process.stdout.write(step.name.padEnd(28))
    const began = performance.now()
    const { code, output } = await run(step)
    const seconds = ((performance.now() - began) / 1000).toFixed(1)
    process.stdout.write(`${code === 0 ? 'ok' : 'FAILED'}  ${seconds} s\n`)
    if (code === 0) continue
    failed.push(step.name)
    process.stdout.write(`${output.trimEnd()}\n\n`)
  }
  process.stdout.write(failed.length === 0 ? 'All checks passed.\n' : `Failed: ${failed.join(', ')}\n`)
  return failed.length === 0 ? 0 : 1
}

async function steps(): Promise<Step[]> {
  const types = (await projects()).map((project) => ({
    name: `types ${project}`,
    command: 'tsc',
    args: ['-p', project],
  }))
  return [
    ...types,
    { name: 'lint', command: 'oxlint', args: ['--type-aware', '--deny-warnings', '--format=unix', '.'] },
    { name: 'format', command: 'oxfmt', args: ['--check', '.'] },
    { name: 'unused code', command: 'knip', args: ['--no-progress'] },
    { name: 'imports', command: 'node', args: ['scripts/imports.ts'] },
  ]
}

/** Folders that TypeScript checks, each with settings of its own. */
async function projects(): Promise<string[]> {
  const folders = await Promise.all(
    PARTS.map(async (part) => {
      const inside = existsSync(join(root, part)) ? await readdir(join(root, part), { withFileTypes: true }) : []
      return inside.filter((entry) => entry.isDirectory()).map((entry) => posix.join(part, entry.name))
    }),
  )
  return ['.', ...folders.flat().filter((folder) => existsSync(join(root, folder, 'tsconfig.json')))]
}

async function run({ command, args }: Step): Promise<{ code: number; output: string }> {
  const env = { ...process.env, PATH: [bin, process.env['PATH']].join(delimiter) }
  const child = spawn(join(bin, command), args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code: code ?? 1, output }
}

process.exitCode = await main()
