import { parse } from 'parse5'
import type { DefaultTreeAdapterMap } from 'parse5'
import { IMPORT_LIMITS, ImportRefused } from './limits.ts'
import { LossReport } from './losses.ts'
import type { Loss } from './losses.ts'
import { isOwnImage, safeHref } from './address.ts'
import { marksOf, styleOf } from './html-marks.ts'
import { Paragraphs } from './paragraphs.ts'
import type { Spaces } from './paragraphs.ts'
import { tableOf } from './table-grid.ts'
import type { Cell } from './table-grid.ts'
import type { Piece, PieceMark } from './piece.ts'

type Node = DefaultTreeAdapterMap['node']
export type Element = DefaultTreeAdapterMap['element']

/** A document read from a file, with what could not be carried over. */
export interface Imported {
  doc: Piece
  losses: Loss[]
}

/** Reads HTML into a document: what the schema knows is taken, everything else is left out and counted. Nothing in it runs. */
export function htmlToDocument(html: string, spaces: Spaces = 'fold'): Imported {
  if (html.length > IMPORT_LIMITS.fileBytes) throw new ImportRefused('This file is too large.')
  const reader = new HtmlReader()
  const blocks = reader.read(parse(html), spaces)
  return {
    doc: { type: 'doc', content: blocks.length === 0 ? [{ type: 'paragraph' }] : blocks },
    losses: reader.losses,
  }
}

/** What holds for everything inside an element. */
interface Around {
  marks: readonly PieceMark[]
  spaces: Spaces
  align: string | null
  depth: number
}

const LEFT_OUT = new Set([
  'script',
  'iframe',
  'object',
  'embed',
  'svg',
  'math',
  'video',
  'audio',
  'canvas',
  'form',
  'button',
  'select',
  'textarea',
  'input',
  'applet',
  'frameset',
])
const UNSEEN = new Set([
  'head',
  'style',
  'template',
  'noscript',
  'title',
  'meta',
  'link',
  'source',
  'track',
  'colgroup',
])
/** They hold blocks and mean nothing here by themselves. */
const GROUPS = new Set(
  'html body div section article main header footer aside nav address figure figcaption details summary center dl dt dd fieldset legend hgroup li tbody thead tfoot tr td th caption'.split(
    ' ',
  ),
)

class HtmlReader {
  readonly #losses = new LossReport()
  #blocks = 0

  get losses(): Loss[] {
    return this.#losses.list()
  }

  read(root: Node, spaces: Spaces): Piece[] {
    const into = new Paragraphs(null)
    this.#each(childrenOf(root), { marks: [], spaces, align: null, depth: 0 }, into)
    return into.end()
  }

  #each(nodes: readonly Node[], around: Around, into: Paragraphs): void {
    for (const node of nodes) {
      if (node.nodeName === '#text' && 'value' in node) into.text(node.value, around.marks, around.spaces, around.align)
      else if ('tagName' in node) this.#element(node, around, into)
    }
  }

  #element(element: Element, outer: Around, into: Paragraphs): void {
    const tag = element.tagName
    if (UNSEEN.has(tag)) return
    if (LEFT_OUT.has(tag)) return this.#losses.add('script')
    this.#blocks += 1
    if (this.#blocks > IMPORT_LIMITS.blocks * 10) throw new ImportRefused('This file holds too much to be read.')
    const around = this.#inside(element, outer)
    if (outer.depth > IMPORT_LIMITS.depth * 3) {
      this.#losses.add('too_deep')
      return into.text(textOf(element), outer.marks, outer.spaces, outer.align)
    }
    const inside = childrenOf(element)
    switch (tag) {
      case 'p':
        return into.blocks(this.#text(inside, around, { type: 'paragraph' }))
      case 'h1':
      case 'h2':
      case 'h3':
      case 'h4':
      case 'h5':
      case 'h6':
        return into.blocks(this.#text(inside, around, { type: 'heading', attrs: { level: Number(tag.slice(1)) } }))
      case 'br':
        return into.break(around.marks, around.align)
      case 'hr':
        return into.blocks([{ type: 'horizontalRule' }])
      case 'img':
        return this.#image(element, around, into)
      case 'pre':
        return into.blocks([codeBlock(element)])
      case 'blockquote':
        return into.blocks(
          this.#tooDeep(around)
            ? this.#flow(inside, around)
            : [{ type: 'blockquote', content: this.#flow(inside, around) }],
        )
      case 'ul':
      case 'ol':
      case 'menu':
        return into.blocks(this.#tooDeep(around) ? this.#flow(inside, around) : this.#list(element, around))
      case 'table':
        return into.blocks(this.#tooDeep(around) ? this.#flow(inside, around) : this.#table(element, around))
      default:
    }
    if (!GROUPS.has(tag)) return this.#each(inside, around, into)
    if (tag === 'dt') this.#losses.add('columns')
    into.flush()
    this.#each(inside, around, into)
    into.flush()
  }

  /** What the element itself adds to what holds inside it. */
  #inside(element: Element, outer: Around): Around {
    const style = styleOf(element)
    const { marks, losses } = marksOf(element, style, outer.marks)
    for (const loss of losses) this.#losses.add(loss)
    const align = style.get('text-align') ?? attribute(element, 'align')
    const space = style.get('white-space')
    const spaces =
      space === undefined ? outer.spaces : space.startsWith('pre') || space === 'break-spaces' ? 'keep' : 'fold'
    return {
      marks,
      spaces,
      align: align !== undefined && ['left', 'center', 'right', 'justify'].includes(align) ? align : outer.align,
      depth: outer.depth + 1,
    }
  }

  #text(inside: readonly Node[], around: Around, like: Piece): Piece[] {
    const paragraphs = new Paragraphs(like, around.align)
    this.#each(inside, around, paragraphs)
    return paragraphs.end()
  }

  /** Past this depth, what is nested is only set one after the other. */
  #tooDeep({ depth }: Around): boolean {
    if (depth <= IMPORT_LIMITS.depth) return false
    this.#losses.add('too_deep')
    return true
  }

  #flow(inside: readonly Node[], around: Around): Piece[] {
    const paragraphs = new Paragraphs(null)
    this.#each(inside, around, paragraphs)
    const blocks = paragraphs.end()
    return blocks.length === 0 ? [{ type: 'paragraph' }] : blocks
  }

  #list(list: Element, around: Around): Piece[] {
    const ordered = list.tagName === 'ol'
    const type = attribute(list, 'type')
    if (ordered && type !== undefined && type !== '1') this.#losses.add('numbering')
    const items = elementsOf(list).map((child) => {
      const box = checkboxOf(child)
      const inside = child.tagName === 'li' ? childrenOf(child) : [child]
      const content = this.#flow(
        box === null ? inside : withoutNode(inside, box),
        child.tagName === 'li' ? this.#inside(child, around) : around,
      )
      const piece: Piece = {
        type: box === null ? 'listItem' : 'taskItem',
        ...(box === null ? {} : { attrs: { checked: attribute(box, 'checked') !== undefined } }),
        content: content[0]?.type === 'paragraph' ? content : [{ type: 'paragraph' }, ...content],
      }
      return piece
    })
    const lists: Piece[] = []
    for (const item of items) {
      const wanted = item.type === 'taskItem' ? 'taskList' : ordered ? 'orderedList' : 'bulletList'
      const last = lists.at(-1)
      if (last?.type === wanted) last.content?.push(item)
      else {
        const start = Number.parseInt(attribute(list, 'start') ?? '1', 10)
        const attrs = wanted === 'orderedList' ? { attrs: { start: Number.isSafeInteger(start) ? start : 1 } } : {}
        lists.push({ type: wanted, ...attrs, content: [item] })
      }
    }
    if (lists.length > 1) this.#losses.add('mixed_list')
    return lists
  }

  #table(table: Element, around: Around): Piece[] {
    const parts = elementsOf(table).flatMap((part) =>
      ['tbody', 'thead', 'tfoot'].includes(part.tagName) ? elementsOf(part) : [part],
    )
    const captions = parts.filter((part) => part.tagName === 'caption')
    captions.forEach(() => this.#losses.add('caption'))
    const rows = parts
      .filter((part) => part.tagName === 'tr')
      .map((row) =>
        elementsOf(row)
          .filter((cell) => cell.tagName === 'td' || cell.tagName === 'th')
          .map((cell): Cell => {
            const inner = this.#inside(cell, { ...around, align: null })
            return {
              header: cell.tagName === 'th',
              colspan: Number.parseInt(attribute(cell, 'colspan') ?? '1', 10),
              rowspan: Number.parseInt(attribute(cell, 'rowspan') ?? '1', 10),
              // A heading cell is bold by being one.
              content: this.#flow(childrenOf(cell), inner),
            }
          }),
      )
    const { table: made, moved } = tableOf(rows)
    if (moved) this.#losses.add('merged_grid')
    const titles = captions.flatMap((caption) => this.#flow(childrenOf(caption), around))
    return made === null ? titles : [...titles, made]
  }

  #image(element: Element, around: Around, into: Paragraphs): void {
    const src = (attribute(element, 'src') ?? '').trim()
    const [alt, title] = ['alt', 'title'].map((name) => attribute(element, name) || undefined)
    if (isOwnImage(src)) {
      if (attribute(element, 'width') !== undefined || attribute(element, 'height') !== undefined)
        this.#losses.add('image_size')
      return into.blocks([
        {
          type: 'image',
          attrs: { src, ...(alt === undefined ? {} : { alt }), ...(title === undefined ? {} : { title }) },
        },
      ])
    }
    const href = /^https?:/i.test(src) ? safeHref(src) : null
    this.#losses.add(href === null ? 'unknown_image' : 'remote_image')
    if (href === null) return into.text(alt ?? '', around.marks, around.spaces, around.align)
    const words = alt === undefined ? href : alt
    into.text(
      words,
      [...around.marks.filter(({ type }) => type !== 'link'), { type: 'link', attrs: { href } }],
      'fold',
      around.align,
    )
  }
}

function codeBlock(pre: Element): Piece {
  const code = elementsOf(pre).find((child) => child.tagName === 'code')
  const language = /(?:^|\s)lang(?:uage)?-(\S+)/.exec(attribute(code ?? pre, 'class') ?? '')?.[1]
  const text = textOf(pre).replace(/\n$/, '')
  return {
    type: 'codeBlock',
    ...(language === undefined ? {} : { attrs: { language } }),
    ...(text === '' ? {} : { content: [{ type: 'text', text }] }),
  }
}

/** The box to tick that an item begins with. */
function checkboxOf(item: Element): Element | null {
  for (const child of childrenOf(item)) {
    if (child.nodeName === '#text' && 'value' in child && child.value.trim() === '') continue
    if (!('tagName' in child)) continue
    if (child.tagName === 'input') return attribute(child, 'type') === 'checkbox' ? child : null
    if (child.tagName === 'label' || child.tagName === 'p') return checkboxOf(child)
    return null
  }
  return null
}

/** The same nodes without this one, and without the space that divides it from its text. */
function withoutNode(nodes: readonly Node[], gone: Element): Node[] {
  const parent = gone.parentNode
  if (parent !== null) {
    const at = parent.childNodes.indexOf(gone)
    const next = parent.childNodes[at + 1]
    if (next?.nodeName === '#text' && 'value' in next) next.value = next.value.replace(/^\s/, '')
    parent.childNodes.splice(at, 1)
  }
  return nodes.filter((node) => node !== gone)
}

function attribute(element: Element, name: string): string | undefined {
  return element.attrs.find((attr) => attr.name === name)?.value
}
function childrenOf(node: Node): Node[] {
  return 'childNodes' in node ? node.childNodes : []
}
const elementsOf = (node: Node): Element[] => childrenOf(node).filter((child) => 'tagName' in child)

/** All text below, without running into the depth of what is nested. */
function textOf(root: Node): string {
  let text = ''
  const left: Node[] = [root]
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    if (node.nodeName === '#text' && 'value' in node) text += node.value
    else if (node.nodeName === 'br') text += '\n'
    else if (!LEFT_OUT.has(node.nodeName) && !UNSEEN.has(node.nodeName)) left.push(...childrenOf(node).toReversed())
  }
  return text
}
