/**
 * An entry's key in the table `entry` is one number, the room's in its upper half and the seq in its lower one: a room's entries
 * lie side by side in their order.
 */
export const SEQ_MAX = 2 ** 32 - 1

/** SQL for the key of an entry, of SQL for its room's number and for its seq. */
export const placeOf = (room: string, seq: string) => `((${room} << 32) | ${seq})`
/** SQL for what a key says. */
export const ROOM = '(place >> 32)'
export const SEQ = `(place & ${SEQ_MAX})`
/** SQL for a room's entries past one seq, up to another one. Of three parameters: the room's number, and both. */
export const WITHIN = `place > ${placeOf('?1', '?2')} AND place <= ${placeOf('?1', '?3')}`
