/** What the SDK uses of a browser, all of it optional: the same code runs where there is none. */
interface EventSource {
  addEventListener(type: string, listener: () => void): void
  removeEventListener(type: string, listener: () => void): void
}
/** The part of the Web Storage API that the SDK uses. */
export interface WebStorage {
  readonly length: number
  key(index: number): string | null
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}
export interface Browser {
  window: EventSource
  document: EventSource & { readonly visibilityState: string }
  navigator: { readonly onLine?: boolean }
  /** Throws where the user forbids storage. */
  readonly localStorage: WebStorage
}

/** The browser around us; null in Node, which has some of these globals but is no device with a page. */
export function browser(): Browser | null {
  const globals = globalThis as unknown as Partial<Omit<Browser, 'window'>> & { window?: Browser }
  if (globals.document === undefined || globals.navigator === undefined || globals.window === undefined) return null
  const { document, navigator, window } = globals
  return {
    window: window as unknown as EventSource,
    document,
    navigator,
    get localStorage() {
      return window.localStorage
    },
  }
}
