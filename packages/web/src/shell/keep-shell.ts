/**
 * Lets the page itself be opened again without a network: what was typed offline is then still there to see (R12).
 * Where service workers are unknown or forbidden, the page simply needs the network to load.
 */
export function keepShell(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  addEventListener('load', () => {
    navigator.serviceWorker
      .register('/keep-shell.js')
      .catch((cause: unknown) => console.info('The page is not kept for offline use.', cause))
  })
}
