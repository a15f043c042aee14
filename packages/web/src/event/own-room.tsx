import { Navigate, Outlet } from '@tanstack/react-router'
import { gameOf } from '../games/look.ts'
import type { api } from '@plenary/kinds'

/** Whoever opens the code of a room on its own is led to its page, if it has one. */
export function OwnRoom({ event }: { event: api.EventInfo }) {
  const [room] = event.rooms
  if (room !== undefined && gameOf(room.kind) !== undefined)
    return <Navigate to="/e/$code/g/$room" params={{ code: event.code, room: room.id }} search={{}} replace />
  return <Outlet />
}
