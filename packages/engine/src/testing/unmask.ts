import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { CommandId, UserId } from '@plenary/kinds'
import { KEY_BYTES } from '../keys/keys.ts'
import { aliasOf, aliasOfCommand } from '../owner/aliases.ts'

/** All bytes of all files of a folder, also of those beside the databases. */
export async function bytesOf(folder: string): Promise<Buffer> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return Buffer.concat(await Promise.all(files.map(bytesOfFile)))
}

/** None when it went after it was listed, as a journal does. */
async function bytesOfFile(file: string): Promise<Buffer> {
  return await readFile(file).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return Buffer.alloc(0)
    throw error
  })
}

/**
 * What somebody with all the bytes and all that people know of themselves finds out: tries all that could be a key, raw or written
 * down, and answers those whose alias, or whose command's alias, stands among the bytes.
 */
export function unmasked(bytes: Buffer, voters: readonly { user: UserId; command: CommandId }[]): UserId[] {
  const found = new Set<UserId>()
  const text = bytes.toString('latin1')
  // An alias is 43 characters of base64url between quotes, which are escaped in what has arrived and is not in its place yet.
  const aliases = new Set([...text.matchAll(/"([\w-]{43})\\*"/g)].map(([, alias]) => alias as UserId))
  const ids = new Set(text.match(/[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}/g))
  // An alias may lie across the end of a page; two of them at once rarely do.
  const tried = voters.slice(0, 2)
  for (const key of possibleKeys(bytes, text)) {
    if (!tried.some(({ user }) => aliases.has(aliasOf(key, user)))) continue
    for (const { user, command } of voters)
      if (aliases.has(aliasOf(key, user)) || ids.has(aliasOfCommand(key, command))) found.add(user)
  }
  return [...found]
}

/** Each run of bytes as long as a key, and each run of letters that writes one down. */
function* possibleKeys(bytes: Buffer, text: string): Generator<Uint8Array> {
  for (const [run] of text.matchAll(/(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/gi)) yield Buffer.from(run, 'hex')
  for (const [run] of text.matchAll(/(?<![\w+/-])[\w+/-]{43}(?![\w+/-])/g)) yield Buffer.from(run, 'base64url')
  let binary = -1
  for (let end = 0; end < bytes.length; end++) {
    if (!isText(bytes[end] ?? 0)) binary = end
    const at = end - KEY_BYTES + 1
    // Chance writes no text so long, and zeros are no key: most of a database is the one or the other.
    if (at < 0 || binary < at || (bytes[at] === 0 && bytes[at + 1] === 0 && bytes[at + 2] === 0)) continue
    yield bytes.subarray(at, end + 1)
  }
}

const isText = (byte: number): boolean => byte >= 0x20 && byte < 0x7f
