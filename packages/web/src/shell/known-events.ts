import type { EventId } from '@plenary/kinds'

/** An event in which this device has already been: it opens without asking for a name, even without a network. */
export interface KnownEvent {
  id: EventId
  code: string
  title: string
  /** A room on its own, such as a game, is no event to be listed among others. */
  form?: 'event' | 'room' | 'rehearsal'
}

const KEY = 'plenary-web.known'
const NAME_KEY = 'plenary-web.name'
/** The least recently visited fall out. */
const KNOWN_MAX = 50

function isKnown(value: unknown): value is KnownEvent {
  return (
    typeof value === 'object' &&
    value !== null &&
    ['id', 'code', 'title'].every((key) => typeof (value as Record<string, unknown>)[key] === 'string')
  )
}

function knownEntries(): KnownEvent[] {
  try {
    const list: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]')
    return Array.isArray(list) ? list.filter(isKnown) : []
  } catch {
    // Storage forbidden or spoilt: as if the device were new.
    return []
  }
}

/** Every known event once, the last visited first. */
export function knownEvents(): KnownEvent[] {
  const seen = new Set<EventId>()
  return knownEntries().filter(({ id }) => !seen.has(id) && seen.add(id))
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value)
  } catch {
    // Storage forbidden or full: the name is asked for again next time.
  }
}

/** Marks an event as visited now. An old code of it stays known, so that this device's old links go on working. */
export function remember({ id, code, title, form = 'event' }: KnownEvent): void {
  const others = knownEntries().filter((known) => known.code !== code)
  write(KEY, JSON.stringify([{ id, code, title, form }, ...others].slice(0, KNOWN_MAX)))
}

/** Forgets an event, so that the next visit asks for a name. */
export function forget(id: EventId): void {
  write(KEY, JSON.stringify(knownEntries().filter((known) => known.id !== id)))
}

export function recall(code: string): KnownEvent | undefined {
  const wanted = code.toUpperCase()
  return knownEntries().find((known) => known.code.toUpperCase() === wanted)
}

/** The name that this device used last; empty when it never did. */
export function lastName(): string {
  try {
    return localStorage.getItem(NAME_KEY) ?? ''
  } catch {
    return ''
  }
}

export function rememberName(name: string): void {
  write(NAME_KEY, name)
}
