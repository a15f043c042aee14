const TRIES = 5
const RETRY_MS = 3_000

/**
 * Lets the page itself be opened again without a network: what was typed offline is then still there to see (R12).
 * Where service workers are unknown or forbidden, the page simply needs the network to load.
 */
export function keepShell(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  // After the page's own files, whose way to the device it must not share; they may all have come by now.
  if (document.readyState === 'complete') keep(TRIES)
  else addEventListener('load', () => keep(TRIES), { once: true })
}

/** A single file that does not come undoes the whole installation, so it is tried again. */
function keep(tries: number): void {
  const again = (cause: unknown) => {
    if (tries > 1) setTimeout(() => keep(tries - 1), RETRY_MS)
    else console.warn('The page is not kept for offline use.', cause)
  }
  navigator.serviceWorker.register('/keep-shell.js').then((registration) => {
    const worker = registration.installing
    worker?.addEventListener('statechange', () => {
      if (worker.state === 'redundant' && registration.active === null) again('It could not be installed.')
    })
  }, again)
}
