import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

const NOT_SOURCES = new Set(['node_modules', 'dist'])

/** When any of these files, or of the files in these folders, was last changed; milliseconds. */
export async function newestMs(paths: readonly string[]): Promise<number> {
  const times = await Promise.all(paths.map(newestOf))
  return Math.max(0, ...times)
}

/** When the stamp was made; 0 for never. */
export async function stampMs(stamp: string): Promise<number> {
  const found = await stat(stamp).catch(() => null)
  return found?.mtimeMs ?? 0
}

async function newestOf(path: string): Promise<number> {
  const found = await stat(path)
  if (!found.isDirectory()) return found.mtimeMs
  const names = (await readdir(path)).filter((name) => !NOT_SOURCES.has(name))
  return await newestMs(names.map((name) => join(path, name)))
}
