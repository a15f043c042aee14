import { SaxesParser } from 'saxes'
import { ImportRefused } from './limits.ts'

/** An element of XML; its text lies in elements without a name. */
export interface XmlElement {
  name: string
  attributes: Readonly<Record<string, string>>
  children: XmlElement[]
  text: string
}

const DEPTH_MAX = 256

/** Reads XML. Entities that a file declares itself are not known, so that none can be blown up. Throws `ImportRefused`. */
export function readXml(xml: string): XmlElement {
  const root: XmlElement = { name: '', attributes: {}, children: [], text: '' }
  const open = [root]
  const parser = new SaxesParser()
  const innermost = () => open.at(-1) ?? root
  parser.on('error', () => {
    throw new ImportRefused('This file is damaged and cannot be read.')
  })
  parser.on('opentag', ({ name, attributes }) => {
    if (open.length > DEPTH_MAX) throw new ImportRefused('This file is nested too deeply to be read.')
    const element: XmlElement = { name, attributes, children: [], text: '' }
    innermost().children.push(element)
    open.push(element)
  })
  parser.on('closetag', () => void open.pop())
  parser.on('text', (text) => void innermost().children.push({ name: '', attributes: {}, children: [], text }))
  parser.on('cdata', (text) => void innermost().children.push({ name: '', attributes: {}, children: [], text }))
  parser.write(xml).close()
  return root
}

export const child = (element: XmlElement | undefined, name: string): XmlElement | undefined =>
  element?.children.find((inner) => inner.name === name)

/** The `w:val` of a child. */
export const valueOf = (element: XmlElement | undefined, name: string): string | undefined =>
  child(element, name)?.attributes['w:val']

/** A setting that is on by standing there, unless it says off. */
export function isOn(element: XmlElement | undefined, name: string): boolean {
  const found = child(element, name)
  if (found === undefined) return false
  return !['0', 'false', 'off', 'none'].includes(found.attributes['w:val'] ?? 'true')
}

/** The first element of a name, at any depth. */
export function find(element: XmlElement, name: string): XmlElement | undefined {
  for (const inner of element.children) {
    const found = inner.name === name ? inner : find(inner, name)
    if (found !== undefined) return found
  }
  return undefined
}

export const textIn = (element: XmlElement): string => element.text + element.children.map(textIn).join('')
