// Keeps the page's own files for when there is no network. Nothing of the API and nothing that people wrote passes through here.
const { RELEASE, FILES } = __SHELL__
const SHELL = `plenary-shell-${RELEASE}`
const PAGE = '/'
const FILE_MS = 8_000

addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(SHELL)
      .then((cache) => Promise.all([PAGE, ...FILES].map((path) => keep(cache, path))))
      .then(() => skipWaiting()),
  )
})

// One file that is held up must not hold up the rest for ever. The browser makes a request wait for another of the same file that is
// under way, so the second try goes past what it has.
async function keep(cache, path) {
  let answer = await get(path, 'default').catch(() => null)
  answer ??= await get(path, 'no-store')
  await cache.put(path, answer)
}

async function get(path, cache) {
  const answer = await fetch(path, { cache, signal: AbortSignal.timeout(FILE_MS) })
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`)
  const headers = new Headers(answer.headers)
  headers.delete('content-encoding')
  // Whole, within the same time.
  return new Response(await answer.arrayBuffer(), { headers })
}

addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => names.filter((name) => name.startsWith('plenary-shell-') && name !== SHELL))
      .then((old) => Promise.all(old.map((name) => caches.delete(name))))
      .then(() => clients.claim()),
  )
})

addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== location.origin) return
  if (request.mode === 'navigate') {
    if (!pathname.startsWith('/api/')) event.respondWith(newest(request))
  } else if (FILES.includes(pathname)) event.respondWith(kept(request))
})

// A new release is seen at once; the kept page only stands in while the server cannot be reached.
async function newest(request) {
  try {
    return await fetch(request)
  } catch (error) {
    const page = await caches.match(PAGE, { cacheName: SHELL })
    if (page) return page
    throw error
  }
}

async function kept(request) {
  return (await caches.match(request, { cacheName: SHELL })) ?? fetch(request)
}
