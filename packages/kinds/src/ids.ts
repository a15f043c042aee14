/** Branded string ids: one cannot be passed where another is meant. All are opaque, URL-safe and at most 64 characters. */

declare const brand: unique symbol
type Branded<Name extends string> = string & { readonly [brand]: Name }

export type EventId = Branded<'EventId'>
export type RoomId = Branded<'RoomId'>
/** A person on a device (guest) or behind an account. */
export type UserId = Branded<'UserId'>
/** A UUID that the client made; one command id yields its entries once (R3). */
export type CommandId = Branded<'CommandId'>
/** The log's own id: a cursor of another log is recognised and reset. */
export type LogId = Branded<'LogId'>
export type NodeId = Branded<'NodeId'>

/** An entry's place in its room: 1, 2, 3, … dense. 0 stands before the first. */
export type Seq = number
/** Milliseconds of wall clock since 1970-01-01T00:00Z. */
export type Millis = number
