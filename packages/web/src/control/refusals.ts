import { useRoom } from '@plenary/client/react'
import { useRefusals } from '../shell/use-refusals.ts'
import type { Room } from '@plenary/client'
import type { AnyClientKind } from '@plenary/kinds'

/** What people wrote is kept for them to see to on the event's own page. */
const WRITTEN = ['post', 'ask']

/** Tells of every act that was refused, and lets it go. */
export function useActRefusals<K extends AnyClientKind>(room: Room<K>): void {
  useRefusals(room, useRoom(room).pending, WRITTEN)
}
