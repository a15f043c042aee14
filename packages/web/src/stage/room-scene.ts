import type { Scene } from '@plenary/kinds'

/** A scene that puts something of another room on the stage. */
export type RoomScene = Extract<Scene, { room: unknown }>
