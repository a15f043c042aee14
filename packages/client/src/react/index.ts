export { useRoom } from './use-room.ts'
export { useRoomPart } from './use-room-part.ts'
export { useSession } from './use-session.ts'
export { useTyping } from './use-typing.ts'
