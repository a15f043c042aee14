import { readFile, readdir } from 'node:fs/promises'
import { basename, dirname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { crossing, packageOf } from './imports/borders.ts'
import { circles } from './imports/circles.ts'
import { readImports } from './imports/read-imports.ts'

const FOLDERS = ['packages', 'examples', 'scripts', 'test', 'bench']
const CODE = /\.(?:ts|tsx|js|mjs)$/
const NOT_SOURCES = new Set(['node_modules', 'dist', 'test-results', 'screenshots'])
/** Names that say nothing of what is inside, for a file or for a folder. */
const SHAPELESS = new Set(['util', 'utils', 'helper', 'helpers', 'common', 'misc', 'shared'])

/** Everything in the repository that imports what it must not, one line each: direction, circles, barrels, shapeless names. */
export async function importProblems(root: string): Promise<string[]> {
  const files = (await Promise.all(FOLDERS.map((folder) => listCode(root, folder)))).flat().toSorted()
  const entries = await packageEntries(root)
  const present = new Set(files)
  const graph = new Map<string, string[]>()
  const problems: string[] = []

  for (const path of files) {
    const { imports, barrel } = readImports(path, await readFile(join(root, path), 'utf8'))
    const next: string[] = []
    for (const from of imports) {
      const target = from.startsWith('.') ? posix.join(dirname(path), from.replace(/\?.*$/, '')) : null
      const problem = crossing(path, from, target)
      if (problem !== null) problems.push(`${path}: ${problem}`)
      if (target !== null && present.has(target)) next.push(target)
    }
    graph.set(path, next)
    if (packageOf(path) !== null && (barrel || basename(path) === 'index.ts') && !entries.has(path)) {
      problems.push(`${path}: only a package's entry passes on other files' exports`)
    }
    const shapeless = path.split('/').find((part) => SHAPELESS.has(part.replace(/\..*$/, '')))
    if (shapeless !== undefined) problems.push(`${path}: “${shapeless}” says nothing of what is inside`)
  }
  for (const circle of circles(graph)) problems.push(`a circle: ${circle.join(' ↔ ')}`)
  return problems
}

async function listCode(root: string, folder: string): Promise<string[]> {
  const found = await readdir(join(root, folder), { withFileTypes: true }).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  })
  const inside = found.map(async (entry) => {
    const path = posix.join(folder, entry.name)
    if (entry.isDirectory()) return NOT_SOURCES.has(entry.name) ? [] : await listCode(root, path)
    return CODE.test(entry.name) ? [path] : []
  })
  return (await Promise.all(inside)).flat()
}

/** The files that packages give others, as their `exports` say. */
async function packageEntries(root: string): Promise<Set<string>> {
  const entries = new Set<string>()
  for (const name of await readdir(join(root, 'packages'))) {
    const manifest = JSON.parse(await readFile(join(root, 'packages', name, 'package.json'), 'utf8')) as Manifest
    for (const file of Object.values(manifest.exports ?? {})) entries.add(posix.join('packages', name, file))
  }
  return entries
}

interface Manifest {
  exports?: Record<string, string>
}

if (import.meta.main) {
  const root = fileURLToPath(new URL('..', import.meta.url))
  const problems = await importProblems(root)
  for (const problem of problems) console.log(problem)
  if (problems.length > 0) process.exitCode = 1
  else console.log('Imports point one way, without circles.')
}
