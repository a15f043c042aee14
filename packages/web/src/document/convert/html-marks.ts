import { HIGHLIGHT_COLOURS, TEXT_COLOURS, isColourName, nearestColour } from '../colours.ts'
import { safeHref } from './address.ts'
import type { LossCode } from './losses.ts'
import type { PieceMark } from './piece.ts'
import type { DefaultTreeAdapterMap } from 'parse5'

type Element = DefaultTreeAdapterMap['element']

const BY_TAG: Readonly<Record<string, string>> = {
  strong: 'bold',
  b: 'bold',
  em: 'italic',
  i: 'italic',
  cite: 'italic',
  dfn: 'italic',
  var: 'italic',
  u: 'underline',
  ins: 'underline',
  s: 'strike',
  strike: 'strike',
  del: 'strike',
  code: 'code',
  kbd: 'code',
  samp: 'code',
  tt: 'code',
}

/** The `style` attribute as properties and values, in lower case. */
export function styleOf(element: Element): ReadonlyMap<string, string> {
  const text = attribute(element, 'style') ?? ''
  const pairs = text.split(';').map((part): [string, string] => {
    const at = part.indexOf(':')
    return [
      part.slice(0, at).trim().toLowerCase(),
      part
        .slice(at + 1)
        .replace(/!\s*important/i, '')
        .trim()
        .toLowerCase(),
    ]
  })
  return new Map(pairs.filter(([name, value]) => name !== '' && value !== ''))
}

/** The marks inside an element: those around it and its own, and what of it there is no mark for. */
export function marksOf(
  element: Element,
  style: ReadonlyMap<string, string>,
  outer: readonly PieceMark[],
): { marks: PieceMark[]; losses: LossCode[] } {
  const losses: LossCode[] = []
  const marks = new Map(outer.map((mark) => [mark.type, mark]))
  const on = (type: string, attrs?: Record<string, unknown>) => marks.set(type, attrs ? { type, attrs } : { type })
  const tag = element.tagName
  const named = Object.hasOwn(BY_TAG, tag) ? BY_TAG[tag] : undefined
  if (named !== undefined) on(named)
  if (tag === 'sub' || tag === 'sup') losses.push('script_position')
  if (
    style.has('font-family') ||
    style.has('font-size') ||
    (tag === 'font' && attribute(element, 'face') !== undefined)
  )
    losses.push('font')

  const weight = style.get('font-weight')
  if (weight !== undefined) {
    if (weight === 'bold' || weight === 'bolder' || Number(weight) >= 600) on('bold')
    else marks.delete('bold')
  }
  if (/^(?:italic|oblique)/.test(style.get('font-style') ?? '')) on('italic')
  const line = `${style.get('text-decoration') ?? ''} ${style.get('text-decoration-line') ?? ''}`
  if (line.includes('underline') && tag !== 'a') on('underline')
  if (line.includes('line-through')) on('strike')

  const colour = attribute(element, 'data-color')
  const ground = attribute(element, 'data-highlight')
  paint(
    'textColor',
    TEXT_COLOURS,
    colour,
    style.get('color') ?? (tag === 'font' ? attribute(element, 'color') : undefined),
  )
  paint(
    'highlight',
    HIGHLIGHT_COLOURS,
    ground ?? (tag === 'mark' && !style.has('background-color') ? 'yellow' : undefined),
    INLINE.has(tag) ? (style.get('background-color') ?? style.get('background')) : undefined,
  )
  if (tag === 'a') {
    const given = attribute(element, 'href')
    const href = given === undefined ? null : safeHref(given)
    if (given !== undefined && href === null) losses.push('unsafe_link')
    const title = attribute(element, 'title')
    if (href !== null) on('link', title === undefined ? { href } : { href, title })
  }
  return { marks: [...marks.values()], losses }

  function paint(
    type: string,
    set: typeof TEXT_COLOURS | typeof HIGHLIGHT_COLOURS,
    name: string | undefined,
    css: string | undefined,
  ) {
    if (isColourName(name)) return void on(type, { color: name })
    const near = css === undefined ? null : nearestColour(set, css)
    if (near === null) return
    if (!near.exact) losses.push('colour')
    if (near.name === null) marks.delete(type)
    else on(type, { color: near.name })
  }
}

const INLINE = new Set(['span', 'mark', 'font', 'a', 'b', 'strong', 'i', 'em', 'u', 's', 'code'])

function attribute(element: Element, name: string): string | undefined {
  return element.attrs.find((attr) => attr.name === name)?.value
}
