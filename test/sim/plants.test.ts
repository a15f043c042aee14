import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { ROOT, withBug } from './plant-loader.ts'
import { PLANTS } from './plants.ts'

test.each(PLANTS)('the planted bug $name still fits $file', async (plant) => {
  const source = await readFile(new URL(plant.file, ROOT), 'utf8')
  expect(withBug(source, plant)).not.toBe(source)
})

test('names of planted bugs are told apart', () => {
  expect(new Set(PLANTS.map(({ name }) => name)).size).toBe(PLANTS.length)
})

test('a bug whose place is gone, or is there twice, is said by name', () => {
  const plant = { name: 'a-bug', promise: 'R1', file: 'x.ts', find: 'this', replace: 'that', why: '' }
  expect(() => withBug('something else', plant)).toThrow('a-bug no longer fits: its text is 0 times in x.ts')
  expect(() => withBug('this and this', plant)).toThrow('2 times')
  expect(withBug('only this', plant)).toBe('only that')
})
