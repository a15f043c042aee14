import type { Piece } from './piece.ts'

/** Which list an item belongs to, and how it begins. */
export interface ItemOf {
  list: string
  type: 'bulletList' | 'orderedList' | 'taskList'
  start: number
  checked: boolean
}

type Open = { kind: 'q' | 'Q'; node: Piece } | { kind: 'l'; list: string; node: Piece; item: Piece }

/** Makes a tree of blocks out of blocks one after the other, each of which says what it stands in (see `Place`). */
export class BlockTree {
  readonly #blocks: Piece[] = []
  #open: Open[] = []
  /** How many items a list has had, for one that goes on after something else. */
  readonly #items = new Map<string, number>()

  add(block: Piece, path: string, item: ItemOf | null): void {
    let depth = 0
    for (const [index, step] of path.split('').entries()) {
      const begins = item !== null && index === path.length - 1
      if (step === 'l') depth = begins && item !== null ? this.#item(depth, item) : this.#goOn(depth)
      else depth = this.#quote(depth, step === 'Q' ? 'Q' : 'q')
    }
    this.#close(depth)
    this.#inside(depth).push(block)
  }

  end(): Piece[] {
    return this.#blocks
  }

  #close(depth: number): void {
    this.#open = this.#open.slice(0, depth)
  }

  /** Where a block of this depth goes. */
  #inside(depth: number): Piece[] {
    const outer = this.#open[depth - 1]
    if (outer === undefined) return this.#blocks
    return ((outer.kind === 'l' ? outer.item : outer.node).content ??= [])
  }

  #quote(depth: number, kind: 'q' | 'Q'): number {
    if (this.#open[depth]?.kind === kind) return depth + 1
    this.#close(depth)
    const node: Piece = { type: 'blockquote', content: [] }
    this.#inside(depth).push(node)
    this.#open.push({ kind, node })
    return depth + 1
  }

  /** More of the item that is open here; where none is, it stands outside. */
  #goOn(depth: number): number {
    return this.#open[depth]?.kind === 'l' ? depth + 1 : depth
  }

  #item(depth: number, { list, type, start, checked }: ItemOf): number {
    const item: Piece =
      type === 'taskList' ? { type: 'taskItem', attrs: { checked }, content: [] } : { type: 'listItem', content: [] }
    const known = this.#open[depth]
    const before = this.#items.get(list) ?? 0
    this.#items.set(list, before + 1)
    if (known?.kind === 'l' && known.list === list) {
      this.#close(depth + 1)
      known.node.content?.push(item)
      known.item = item
      return depth + 1
    }
    this.#close(depth)
    const node: Piece = {
      type,
      ...(type === 'orderedList' ? { attrs: { start: start + before } } : {}),
      content: [item],
    }
    this.#inside(depth).push(node)
    this.#open.push({ kind: 'l', list, node, item })
    return depth + 1
  }
}
