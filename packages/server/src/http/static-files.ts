import { readFile, readdir, stat } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { PlenaryError } from '@plenary/kinds'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
}
/** Compressed copies that the web build lays beside a file, the smallest first. */
const ENCODINGS = [
  { name: 'br', suffix: '.br' },
  { name: 'gzip', suffix: '.gz' },
] as const
const YEAR_S = 365 * 24 * 60 * 60

interface StaticFile {
  path: string
  type: string
  etag: string
  encodings: Set<string>
  immutable: boolean
}

export interface StaticFiles {
  /** The file at the request's address, or the app's page for addresses of the app. Throws `not_found`. */
  serve(request: Request): Promise<Response>
}

/** Serves the files that lie in the folder now, and nothing else: no address can lead outside of this list. */
export async function staticFiles(folder: string): Promise<StaticFiles> {
  const files = await listFiles(folder)
  return {
    async serve(request) {
      const path = decode(new URL(request.url).pathname)
      // The app's own addresses have no dot in their last part, files always do.
      const ofApp = !path.slice(path.lastIndexOf('/')).includes('.')
      const file = files.get(path) ?? (ofApp ? files.get('/index.html') : undefined)
      if (file === undefined) throw new PlenaryError('not_found', 'There is nothing at this address.')
      return await answer(file, request.headers)
    },
  }
}

async function answer(file: StaticFile, asked: Headers): Promise<Response> {
  const accepted = (asked.get('accept-encoding') ?? '').split(',').map((part) => part.trim().split(';')[0])
  const encoding = ENCODINGS.find(({ name }) => file.encodings.has(name) && accepted.includes(name))
  const headers = new Headers({
    'content-type': file.type,
    'cache-control': file.immutable ? `public, max-age=${YEAR_S}, immutable` : 'no-cache',
    etag: file.etag,
    ...(file.encodings.size > 0 && { vary: 'accept-encoding' }),
  })
  if (asked.get('if-none-match') === file.etag) return new Response(null, { status: 304, headers })
  if (encoding !== undefined) headers.set('content-encoding', encoding.name)
  return new Response(await readFile(file.path + (encoding?.suffix ?? '')), { headers })
}

async function listFiles(folder: string): Promise<Map<string, StaticFile>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    // Without a web app the server still serves its API; `readyz` and clients other than browsers need no page.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const present = new Set(paths)
  const files = new Map<string, StaticFile>()
  for (const path of paths) {
    const type = TYPES[extname(path)]
    if (type === undefined) continue
    const { size, mtimeMs } = await stat(path)
    const address = `/${relative(folder, path).split(sep).join('/')}`
    files.set(address, {
      path,
      type,
      etag: `W/"${size.toString(36)}-${Math.round(mtimeMs).toString(36)}"`,
      encodings: new Set(ENCODINGS.filter(({ suffix }) => present.has(path + suffix)).map(({ name }) => name)),
      immutable: address.startsWith('/assets/'),
    })
  }
  return files
}

function decode(pathname: string): string {
  try {
    return decodeURIComponent(pathname)
  } catch {
    return pathname
  }
}
