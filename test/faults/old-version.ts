import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const ROOT = join(import.meta.dirname, '../..')
/** What runs in a node. */
const SERVER = ['packages/server', 'packages/engine', 'packages/kinds'] as const
const PACKED_BYTES_MAX = 64 * 1024 * 1024

/** An earlier version of the server in a folder of its own, on the dependencies of this one. Disposing removes the folder. */
export interface OldVersion extends AsyncDisposable {
  commit: string
  /** The path of its `main.ts`. */
  main: string
}

/**
 * The newest commit whose server is another one than that of the working tree: the commit it stands on while there are changes, the one
 * before them otherwise. Null where the history does not reach back so far.
 */
export async function oldVersion(): Promise<OldVersion | null> {
  const commit = await newestOther()
  if (commit === null) return null
  const folder = await mkdtemp(join(tmpdir(), 'plenary-old-'))
  try {
    await run('sh', ['-c', `git archive ${commit} package.json packages | tar -x -C "$0"`, folder], {
      cwd: ROOT,
      maxBuffer: PACKED_BYTES_MAX,
    })
    await linkDependencies(folder)
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
  return {
    commit,
    main: join(folder, 'packages/server/src/main.ts'),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

async function newestOther(): Promise<string | null> {
  const { stdout } = await run('git', ['rev-list', '--max-count=100', 'HEAD', '--', ...SERVER], { cwd: ROOT })
  for (const commit of ['HEAD', ...stdout.split('\n').filter(Boolean)]) {
    const same = await run('git', ['diff', '--quiet', commit, '--', ...SERVER], { cwd: ROOT }).then(
      () => true,
      () => false,
    )
    if (!same)
      return commit === 'HEAD' ? (await run('git', ['rev-parse', 'HEAD'], { cwd: ROOT })).stdout.trim() : commit
  }
  return null
}

/** Packages from outside are this tree's own; ours are the old ones. */
async function linkDependencies(folder: string): Promise<void> {
  const [from, to] = [join(ROOT, 'node_modules'), join(folder, 'node_modules')]
  await mkdir(join(to, '@plenary'), { recursive: true })
  for (const name of await readdir(from)) if (name !== '@plenary') await symlink(join(from, name), join(to, name))
  for (const name of await readdir(join(folder, 'packages'))) {
    const own = join(folder, 'packages', name)
    await symlink(own, join(to, '@plenary', name))
    const nested = await readdir(join(ROOT, 'packages', name, 'node_modules')).catch(() => null)
    if (nested !== null) await symlink(join(ROOT, 'packages', name, 'node_modules'), join(own, 'node_modules'))
  }
  // The pages are built, and not what this is about.
  await symlink(join(ROOT, 'packages/web/dist'), join(folder, 'packages/web/dist'))
}
