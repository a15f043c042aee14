import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type * as Main from '../../packages/server/src/main.ts'

/** Where the choice is looked up: a folder with a file for each node that says which version it runs, as the path of its `main.ts`. */
export const VERSIONS_FOLDER = 'FAULTS_VERSIONS'

// What a node is restarted as can so be another version than before, under the same name, at the same address and on the same data.
if (import.meta.main) {
  const { [VERSIONS_FOLDER]: folder = '', NODE_NAME: node = '' } = process.env
  const path = await readFile(join(folder, node), 'utf8').catch(() => readFile(join(folder, 'first'), 'utf8'))
  const main = (await import(pathToFileURL(path).href)) as typeof Main
  await main.run(main.configOrExit(process.argv.slice(2)))
}
