// The colour scheme before anything is drawn; the same key and attribute that the app uses.
let chosen = null
try {
  chosen = localStorage.getItem('plenary-web.scheme')
} catch {
  // Storage can be forbidden: then the device decides.
}
if (chosen !== 'light' && chosen !== 'dark') {
  chosen = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
}
document.documentElement.setAttribute('data-mantine-color-scheme', chosen)
// Schemas are interpreted, not compiled: the content security policy forbids `new Function`.
globalThis.__zod_globalConfig = { jitless: true }
