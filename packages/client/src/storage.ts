import { browser, type WebStorage } from './browser.ts'

/** A tiny key-value port. Synchronous; what `set` took is there for the next `get`, and in a browser after a reload too. */
export interface Storage {
  get(key: string): string | null
  set(key: string, value: string): void
  remove(key: string): void
  keys(prefix: string): string[]
}

/** Forgets everything with the process. */
export function memoryStorage(): Storage {
  const values = new Map<string, string>()
  return {
    get: (key) => values.get(key) ?? null,
    set: (key, value) => void values.set(key, value),
    remove: (key) => void values.delete(key),
    keys: (prefix) => [...values.keys()].filter((key) => key.startsWith(prefix)),
  }
}

/** On the Web Storage API; what does not fit there any more is held in memory, so that nothing typed is refused for it. */
export function webStorage(web: WebStorage): Storage {
  const overflow = memoryStorage()
  return {
    get: (key) => overflow.get(key) ?? web.getItem(key),
    set(key, value) {
      try {
        web.setItem(key, value)
        overflow.remove(key)
      } catch {
        // Full, or forbidden by the user's settings: this much survives until the page goes.
        web.removeItem(key)
        overflow.set(key, value)
      }
    },
    remove(key) {
      overflow.remove(key)
      web.removeItem(key)
    },
    keys(prefix) {
      const own = Array.from({ length: web.length }, (_, index) => web.key(index))
      return [...new Set([...own, ...overflow.keys(prefix)])].filter((key) => key?.startsWith(prefix)) as string[]
    },
  }
}

/** `localStorage` where there is one that works, memory elsewhere. */
export function defaultStorage(): Storage {
  try {
    const page = browser()
    if (page === null) return memoryStorage()
    const probe = 'plenary.probe'
    page.localStorage.setItem(probe, '1')
    page.localStorage.removeItem(probe)
    return webStorage(page.localStorage)
  } catch {
    // A browser that forbids storage still takes part; it only forgets on a reload.
    return memoryStorage()
  }
}
