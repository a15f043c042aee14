/** How what has arrived is put in its places: a generation at a time, in slices. */
export interface SettleLimits {
  /** What a generation takes before the next one begins: so many entries for each of its rooms, between these two. */
  entriesPerRoom: number
  generationEntriesMin: number
  generationEntriesMax: number
  generationCharsMax: number
  /** What one slice does: so many entries of one room, fewer of many rooms or when they are large. */
  sliceCostMax: number
  sliceIdsMax: number
  sliceRowCharsMax: number
}

/** A slice is about 2 ms. Two generations are in memory at most. */
export const SETTLE_LIMITS: SettleLimits = {
  entriesPerRoom: 16,
  generationEntriesMin: 4_096,
  generationEntriesMax: 16_384,
  generationCharsMax: 8 * 1024 * 1024,
  sliceCostMax: 256,
  sliceIdsMax: 512,
  sliceRowCharsMax: 1024 * 1024,
}
