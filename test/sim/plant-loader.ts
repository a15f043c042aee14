import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { Plant } from './plants.ts'

/** The project's folder, with a slash at its end. */
export const ROOT = new URL('../../', import.meta.url)

/** The text with the bug in it. Throws when a text to be replaced is not there exactly once. */
export function withBug(source: string, { name, file, find, replace, and = [] }: Plant): string {
  return [{ find, replace }, ...and].reduce((text, edit) => {
    const times = text.split(edit.find).length - 1
    if (times !== 1) throw new Error(`The planted bug ${name} no longer fits: its text is ${times} times in ${file}.`)
    return text.replace(edit.find, () => edit.replace)
  }, source)
}

/**
 * Puts a bug into this process: its file's text is changed as it is loaded, and nothing is written anywhere. To be called before the
 * file is first imported; `applied` tells whether that has happened since.
 */
export function plantInto(plant: Plant): { applied(): boolean } {
  const url = new URL(plant.file, ROOT).href
  let applied = false
  registerHooks({
    load(from, context, nextLoad) {
      const loaded = nextLoad(from, context)
      if (from !== url) return loaded
      if (loaded.source == null) throw new Error(`The text of ${fileURLToPath(url)} could not be read.`)
      const text = typeof loaded.source === 'string' ? loaded.source : new TextDecoder().decode(loaded.source)
      applied = true
      return { ...loaded, source: withBug(text, plant) }
    },
  })
  return { applied: () => applied }
}
