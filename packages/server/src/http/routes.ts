import type { Route } from './route.ts'
import { entranceRoutes } from './routes/entrance.ts'
import { eventRoutes } from './routes/events.ts'
import { exportRoutes } from './routes/exports.ts'
import { fileRoutes } from './routes/files.ts'
import { inboxRoutes } from './routes/inbox.ts'
import { nodeRoutes } from './routes/node.ts'
import { overlayRoutes } from './routes/overlays.ts'
import { ownRoomRoutes } from './routes/own-rooms.ts'
import { rehearsalRoutes } from './routes/rehearsals.ts'
import { roomRoutes } from './routes/rooms.ts'

/** All routes. What is not here, or said in `app.ts`, is `not_found`. */
export const ROUTES: readonly Route[] = [
  ...eventRoutes,
  ...ownRoomRoutes,
  ...entranceRoutes,
  ...rehearsalRoutes,
  ...overlayRoutes,
  ...exportRoutes,
  ...roomRoutes,
  ...fileRoutes,
  ...inboxRoutes,
  ...nodeRoutes,
]
