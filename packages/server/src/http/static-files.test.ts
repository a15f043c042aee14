import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openHarness } from '../testing/harness.ts'
import { SECURITY_HEADERS } from './security-headers.ts'
import { staticFiles, type StaticFiles } from './static-files.ts'

let folder: string
let files: StaticFiles
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plenary-'))
  await mkdir(join(folder, 'pages/assets'), { recursive: true })
  await writeFile(join(folder, 'secret.js'), 'secret')
  await writeFile(join(folder, 'pages/index.html'), 'page')
  await writeFile(join(folder, 'pages/.built'), '')
  await writeFile(join(folder, 'pages/assets/app-1a2b.js'), 'plain')
  await writeFile(join(folder, 'pages/assets/app-1a2b.js.br'), 'brotli')
  await writeFile(join(folder, 'pages/assets/app-1a2b.js.gz'), 'gzip')
  files = await staticFiles(join(folder, 'pages'))
})
afterAll(() => rm(folder, { recursive: true }))

const get = (path: string, headers: Record<string, string> = {}) =>
  files.serve(new Request(`http://plenary.test${path}`, { headers }))

test('a page is asked for again each time, a file with a hash in its name never', async () => {
  const page = await get('/')
  expect([page.headers.get('content-type'), page.headers.get('cache-control')]).toEqual([
    'text/html; charset=utf-8',
    'no-cache',
  ])
  const script = await get('/assets/app-1a2b.js')
  expect(await script.text()).toBe('plain')
  expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
})

test.each(['/e/CODE', '/e/CODE/settings', '/account', '/somewhere/else'])(
  '%s is the app, which knows its own addresses',
  async (path) => {
    expect(await (await get(path)).text()).toBe('page')
  },
)

test.each([
  ['br, gzip', 'brotli', 'br'],
  ['gzip;q=0.5', 'gzip', 'gzip'],
  ['identity', 'plain', null],
])('to a browser that takes %s goes the %s copy', async (accepted, text, encoding) => {
  const answer = await get('/assets/app-1a2b.js', { 'accept-encoding': accepted })
  expect(await answer.text()).toBe(text)
  expect(answer.headers.get('content-encoding')).toBe(encoding)
  expect(answer.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  expect(answer.headers.get('vary')).toBe('accept-encoding')
})

test('what has not changed is not sent again', async () => {
  const etag = (await get('/')).headers.get('etag') ?? ''
  const again = await get('/', { 'if-none-match': etag })
  expect(again.status).toBe(304)
  expect(again.body).toBeNull()
})

test.each([
  '/../secret.js',
  '/%2e%2e/secret.js',
  '/..%2fsecret.js',
  '/assets/..%2f..%2fsecret.js',
  '/assets/app.js',
  '/.built',
  '/assets/%00.js',
  '/%ff.js',
  '/assets/app-1a2b.js.br',
])('%s is nothing', async (path) => {
  await expect(get(path)).rejects.toMatchObject({ code: 'not_found' })
})

test('without a web app there are no pages, and no other trouble', async () => {
  const none = await staticFiles(join(folder, 'nowhere'))
  await expect(none.serve(new Request('http://plenary.test/'))).rejects.toMatchObject({ code: 'not_found' })
})

test('every answer carries the security headers: pages, files, the API, and refusals', async () => {
  await using harness = await openHarness()
  for (const path of [
    '/',
    '/e/CODE',
    '/assets/app-1234.js',
    '/api/config',
    '/api/nothing',
    '/nothing.js',
    '/healthz',
    '/metrics',
    '/api/auth/get-session',
  ]) {
    const { headers } = await harness.ask('GET', path)
    for (const [name, value] of Object.entries(SECURITY_HEADERS))
      expect({ path, [name]: headers.get(name) }).toEqual({ path, [name]: value })
  }
  expect(SECURITY_HEADERS['content-security-policy']).toBe(
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob: https:; frame-src https://www.youtube-nocookie.com https://player.vimeo.com https://framatube.org https://peertube.tv https://tilvids.com https://video.blender.org https://tube.tchncs.de https://makertube.net; connect-src 'self' ws: wss:; font-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
  )
})
