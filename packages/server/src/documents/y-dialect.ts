import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import { readFrom, readMessage, writeMessage, writeTo, type YMessage } from './y-messages.ts'

/** How a stock provider puts what it says into bytes. */
export interface YDialect {
  /** Null for what is no message, or breaks off. */
  read(bytes: Uint8Array): YMessage | null
  /** Null for what this one has no words for. */
  write(message: YMessage): Uint8Array | null
}

/** y-websocket's. */
export const yWebsocket: YDialect = { read: readMessage, write: writeMessage }

const AUTH = 2
const CLOSE = 7
const SYNC_STATUS = 8
const PING = 9
const PONG = 10
const PERMISSION_DENIED = 1
const AUTHENTICATED = 2
const SAVED = 1

/** Hocuspocus's (`@hocuspocus/provider`): the same behind the document's name, and some more words. */
function hocuspocus(name: string): YDialect {
  return {
    read(bytes) {
      try {
        if (bytes.length === 1 && bytes[0] === PONG) return { type: 'pong' }
        const decoder = decoding.createDecoder(bytes)
        if (decoding.readVarString(decoder) !== name) return null
        switch (decoding.peekVarUint(decoder)) {
          case AUTH:
            return { type: 'token' }
          case CLOSE:
            return { type: 'leave' }
          default:
            return readFrom(decoder)
        }
      } catch {
        // The bytes end where more were announced.
        return null
      }
    },
    write(message) {
      if (message.type === 'ping') return Uint8Array.of(PING)
      const encoder = encoding.createEncoder()
      encoding.writeVarString(encoder, name)
      if (message.type === 'letIn') {
        encoding.writeVarUint(encoder, AUTH)
        encoding.writeVarUint(encoder, AUTHENTICATED)
        encoding.writeVarString(encoder, message.mayEdit ? 'read-write' : 'readonly')
      } else if (message.type === 'denied') {
        encoding.writeVarUint(encoder, AUTH)
        encoding.writeVarUint(encoder, PERMISSION_DENIED)
        encoding.writeVarString(encoder, message.reason)
      } else if (message.type === 'saved') {
        encoding.writeVarUint(encoder, SYNC_STATUS)
        encoding.writeVarInt(encoder, SAVED)
      } else if (!writeTo(encoder, message)) return null
      return encoding.toUint8Array(encoder)
    },
  }
}

/** Which one a client speaks, by its first message: Hocuspocus's begins with the document's name, and no message of the other is as long as that. */
export function dialectOf(first: Uint8Array, name: string): YDialect {
  return hocuspocus(name).read(first) === null ? yWebsocket : hocuspocus(name)
}
