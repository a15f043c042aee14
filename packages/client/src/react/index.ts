export { useRoom } from './use-room.ts'
export { useSession } from './use-session.ts'
export { useTyping } from './use-typing.ts'
