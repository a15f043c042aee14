import { execFileSync } from 'node:child_process'

const READ =
  'import io, json, sys, zipfile; z = zipfile.ZipFile(io.BytesIO(sys.stdin.buffer.read())); assert z.testzip() is None; print(json.dumps({n: z.read(n).decode() for n in z.namelist()}))'
const BYTES_MAX = 64 * 1024 * 1024

/** What another program finds in an archive: its files' texts by their names. Throws when that program finds it broken. */
export function unzipped(archive: Uint8Array): Record<string, string> {
  const json = execFileSync('python3', ['-c', READ], { input: archive, encoding: 'utf8', maxBuffer: BYTES_MAX })
  return JSON.parse(json) as Record<string, string>
}
