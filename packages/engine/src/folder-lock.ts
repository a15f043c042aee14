import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/**
 * Takes a data folder for this process alone, making it if it is not there. The lock is the operating system's, so it ends with the process,
 * however that ends. Throws one clear line.
 */
export async function lockDataFolder(folder: string): Promise<AsyncDisposable> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  // SQLite's file locks are the one portable advisory lock that comes with the runtime.
  const lock = new DatabaseSync(join(folder, 'lock'))
  try {
    lock.exec('PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    const busy = error instanceof Error && /locked|busy/i.test(error.message)
    throw busy ? new Error(`The data folder ${folder} is in use by another Plenary process.`) : error
  }
  return {
    [Symbol.asyncDispose]: async () => lock.close(),
  }
}
