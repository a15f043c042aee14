import type { CommandId, Millis } from '@plenary/kinds'
import { browser } from './browser.ts'

/** Ends a timer or a subscription; calling it again does nothing. */
export type Cancel = () => void
export type DeviceChange = 'online' | 'offline' | 'hidden' | 'visible'

/** Time, chance and the device, taken from outside so that a seeded simulator or a test can drive them. */
export interface Runtime {
  /** Wall clock. */
  now(): Millis
  /** Runs once after at least `ms`, never before the call returns. */
  setTimeout(run: () => void, ms: number): Cancel
  /** Evenly spread in [0, 1). */
  random: () => number
  /** A UUID that nobody else makes. */
  commandId(): CommandId
  /** What the device believes; wrong at times, so never a reason not to try. */
  online(): boolean
  /** Tells of each change until cancelled. */
  watchDevice(listener: (change: DeviceChange) => void): Cancel
}

/** The real one: in Node the device is always online and visible. */
export const realRuntime: Runtime = {
  now: () => Date.now(),
  setTimeout(run, ms) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
  random: () => Math.random(),
  commandId: () => uuid(Date.now(), crypto.getRandomValues(new Uint8Array(16))),
  online: () => browser()?.navigator.onLine ?? true,
  watchDevice(listener) {
    const page = browser()
    if (page === null) return () => undefined
    const online = () => listener('online')
    const offline = () => listener('offline')
    const visibility = () => listener(page.document.visibilityState === 'hidden' ? 'hidden' : 'visible')
    page.window.addEventListener('online', online)
    page.window.addEventListener('offline', offline)
    page.document.addEventListener('visibilitychange', visibility)
    return () => {
      page.window.removeEventListener('online', online)
      page.window.removeEventListener('offline', offline)
      page.document.removeEventListener('visibilitychange', visibility)
    }
  },
}

/**
 * RFC 9562 version 7 of a moment and 16 random bytes: ids that begin with the time let the log's index of them grow at its end.
 * Made by hand because browsers offer `crypto.randomUUID` on https only, and a venue's own server is often plain http.
 */
export function uuid(now: Millis, random: Uint8Array): CommandId {
  const time = Math.max(0, Math.trunc(now)).toString(16).padStart(12, '0').slice(-12)
  const rest = Array.from(random.subarray(6, 16), (byte, index) => {
    const value = index === 0 ? (byte & 0x0f) | 0x70 : index === 2 ? (byte & 0x3f) | 0x80 : byte
    return value.toString(16).padStart(2, '0')
  }).join('')
  return [time.slice(0, 8), time.slice(8), rest.slice(0, 4), rest.slice(4, 8), rest.slice(8)].join('-') as CommandId
}
