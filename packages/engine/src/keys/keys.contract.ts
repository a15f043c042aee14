import type { RoomId } from '@plenary/kinds'
import { expect, test } from 'vitest'
import { KEY_BYTES } from './keys.ts'
import type { RoomKeys } from './keys.ts'

export interface KeysPlace extends AsyncDisposable {
  /** The store as one more node sees it. Closed by the place in the end. */
  open(): Promise<RoomKeys>
  /** Every byte of every file in which the store keeps anything, its journals included, as it lies on the disk now. */
  bytes(): Promise<Buffer>
}

const A = 'room-a' as RoomId
const B = 'room-b' as RoomId
const text = (key: Uint8Array | undefined) => (key === undefined ? null : Buffer.from(key).toString('hex'))

/** What every store of keys keeps to. */
export function keysContract(name: string, place: () => Promise<KeysPlace>): void {
  test(`${name}: a key is made once, is long, and is the same for every node and after opening again`, async () => {
    await using at = await place()
    const [first, second] = [await at.open(), await at.open()]
    const made = await first.make(A, 'p1')
    expect(made).toHaveLength(KEY_BYTES)
    expect(text(await second.make(A, 'p1'))).toBe(text(made))
    expect(text((await (await at.open()).of(A)).get('p1'))).toBe(text(made))
  })

  test(`${name}: every scope of every room has a key of its own`, async () => {
    await using at = await place()
    const keys = await at.open()
    const all = [await keys.make(A, 'p1'), await keys.make(A, 'p2'), await keys.make(B, 'p1')].map(text)
    expect(new Set(all).size).toBe(3)
    expect([...(await keys.of(A)).keys()].toSorted()).toEqual(['p1', 'p2'])
    expect((await keys.rooms()).toSorted()).toEqual([A, B])
  })

  test(`${name}: what was destroyed is in no file any more, others stay, and a new one is another`, async () => {
    await using at = await place()
    const keys = await at.open()
    const key = Buffer.from(await keys.make(A, 'p1'))
    const other = await keys.make(A, 'p2')
    await keys.destroy(A, ['p1', 'never'])
    expect([...(await keys.of(A)).keys()]).toEqual(['p2'])
    expect(text((await keys.of(A)).get('p2'))).toBe(text(other))
    expect((await at.bytes()).includes(key)).toBe(false)
    expect(text(await keys.make(A, 'p1'))).not.toBe(key.toString('hex'))
    await keys.destroy(A, ['p1', 'p2'])
    expect(await keys.rooms()).toEqual([])
  })
}
