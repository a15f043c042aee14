import type { AnyKind, Json } from '@plenary/kinds'
import type { Room } from '../../packages/client/src/room.ts'
import type { Device } from './device.ts'

/** Something else for people to do than to talk: rooms of another kind, and what a page does with one. */
export interface Play {
  kind: AnyKind
  settings: Json
  sit(device: Device, person: number, room: Room): Seat
}

/** A person in a room, for as long as the page is open. */
export interface Seat {
  do(body: Json): void
  /** Nothing waits to be sent or shown, as far as this page knows. */
  readonly settled: boolean
  /** What it shows, in place of the room's view. */
  readonly shown: Json
  /** The page is gone from one moment to the next. */
  vanish(): void
}
