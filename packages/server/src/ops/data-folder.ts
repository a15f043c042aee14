import { closeSync, openSync } from 'node:fs'
import { access, constants, mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { lockDataFolder } from '@plenary/engine'
import { StartError } from '../start-error.ts'

/** Where things lie inside the data folder. */
export interface DataFolder {
  readonly folder: string
  readonly store: string
  readonly log: string
  readonly secrets: string
  /** A folder. */
  readonly files: string
  /** Keys of what is held in secret, each until that ends. */
  readonly keys: string
}

const REASONS: Record<string, string> = {
  EEXIST: 'it is not a folder',
  ENOTDIR: 'a part of its path is not a folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  ENOENT: 'its place does not exist',
}

/** Makes the folder if need be, for its owner only. Throws a {@link StartError} that says why it cannot be used. */
export async function openDataFolder(folder: string): Promise<DataFolder> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    if (!(await stat(folder)).isDirectory()) throw Object.assign(new Error('not a folder'), { code: 'EEXIST' })
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    throw new StartError(`The data folder ${folder} cannot be used: ${whyNot(error)}.`, error)
  }
  return {
    folder,
    store: join(folder, 'plenary.db'),
    log: join(folder, 'log.db'),
    secrets: join(folder, 'secrets.json'),
    files: join(folder, 'files'),
    keys: join(folder, 'keys.db'),
  }
}

/** Keeps other processes out until disposed. Throws a {@link StartError} when one is in. */
export async function lockFolder({ folder }: DataFolder): Promise<AsyncDisposable> {
  try {
    return await lockDataFolder(folder)
  } catch (error) {
    throw new StartError(error instanceof Error ? error.message : String(error), error)
  }
}

/** Opens a database of the data folder, readable by its owner only. Throws a {@link StartError} that names the file. */
export async function openDatabase<T>(file: string, open: (file: string) => Promise<T>): Promise<T> {
  try {
    closeSync(openSync(file, 'a', 0o600))
    return await open(file)
  } catch (error) {
    const message = whyNot(error)
    const broken = /not a database|malformed|corrupt/i.test(message)
    const advice = broken ? ' Restore it from a backup, or move it away to begin anew.' : ''
    throw new StartError(`The database ${file} cannot be opened: ${message}.${advice}`, error)
  }
}

function whyNot(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error ? String(error.code) : ''
  return REASONS[code] ?? error.message.replace(/\.$/, '')
}
