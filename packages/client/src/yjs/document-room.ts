import type { document } from '@plenary/kinds/document'
import type { Room } from '../room.ts'

export type DocumentRoom = Room<typeof document>
