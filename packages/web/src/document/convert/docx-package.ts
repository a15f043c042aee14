import { strFromU8, unzipSync } from 'fflate'
import { IMPORT_LIMITS, ImportRefused } from './limits.ts'
import { child, find, isOn, readXml, valueOf } from './xml.ts'
import type { XmlElement } from './xml.ts'

/** The parts of a DOCX file that its text leans on. */
export interface DocxPackage {
  body: XmlElement
  /** What an id in the text stands for: an address, or a file in the package. */
  relation(id: string): { target: string; outside: boolean } | null
  file(name: string): Uint8Array | null
  style(id: string): DocxStyle | null
  level(numId: string, level: number): DocxLevel | null
  hasHeaders: boolean
}
export interface DocxStyle {
  name: string
  basedOn: string | null
  outline: number | null
  run: XmlElement | undefined
  numbering: XmlElement | undefined
}
export interface DocxLevel {
  format: string
  text: string
  start: number
}

/** Unpacks a DOCX file, within bounds whatever it says of itself. Throws `ImportRefused`. */
export function openDocx(bytes: Uint8Array): DocxPackage {
  const files = unpack(bytes)
  const text = (name: string) => {
    const file = files[name]
    return file === undefined ? null : readXml(strFromU8(file))
  }
  const main = text('word/document.xml')
  const body = main === null ? undefined : find(main, 'w:body')
  if (body === undefined) throw new ImportRefused('This is not a DOCX file.')
  const relations = relationsOf(text('word/_rels/document.xml.rels'))
  const styles = stylesOf(text('word/styles.xml'))
  const levels = levelsOf(text('word/numbering.xml'))
  return {
    body,
    relation: (id) => relations.get(id) ?? null,
    file: (name) => files[`word/${name}`] ?? files[name.replace(/^\//, '')] ?? null,
    style: (id) => styles.get(id) ?? null,
    level: (numId, level) => levels.get(numId)?.[level] ?? null,
    hasHeaders: Object.keys(files).some((name) => /^word\/(?:header|footer)\d*\.xml$/.test(name)),
  }
}

const WANTED =
  /^\/?word\/(?:document|styles|numbering|header\d*|footer\d*)\.xml$|^word\/_rels\/document\.xml\.rels$|(?:^|\/)media\//

function unpack(bytes: Uint8Array): Record<string, Uint8Array> {
  if (bytes.length > IMPORT_LIMITS.fileBytes) throw new ImportRefused('This file is too large.')
  let [unpacked, count] = [0, 0]
  try {
    return unzipSync(bytes, {
      // What a file says of its size is all that is ever written of it, so that the sum bounds the memory taken.
      filter: ({ name, originalSize }) => {
        if (!WANTED.test(name)) return false
        unpacked += originalSize
        count += 1
        if (unpacked > IMPORT_LIMITS.unpackedBytes || count > IMPORT_LIMITS.packedFiles)
          throw new ImportRefused('This file unpacks to more than can be read.')
        return true
      },
    })
  } catch (error) {
    if (error instanceof ImportRefused) throw error
    throw new ImportRefused('This is not a DOCX file, or it is damaged.', { cause: error })
  }
}

function relationsOf(xml: XmlElement | null): Map<string, { target: string; outside: boolean }> {
  const all = child(xml ?? undefined, 'Relationships')?.children ?? []
  return new Map(
    all.flatMap(({ attributes }) => {
      const { Id: id, Target: target } = attributes
      return id === undefined || target === undefined
        ? []
        : [[id, { target, outside: attributes['TargetMode'] === 'External' }]]
    }),
  )
}

function stylesOf(xml: XmlElement | null): Map<string, DocxStyle> {
  const all = child(xml ?? undefined, 'w:styles')?.children ?? []
  return new Map(
    all.flatMap((style): [string, DocxStyle][] => {
      const id = style.attributes['w:styleId']
      if (style.name !== 'w:style' || id === undefined) return []
      const paragraph = child(style, 'w:pPr')
      const outline = Number(valueOf(paragraph, 'w:outlineLvl') ?? Number.NaN)
      return [
        [
          id,
          {
            name: (valueOf(style, 'w:name') ?? id).toLowerCase(),
            basedOn: valueOf(style, 'w:basedOn') ?? null,
            outline: Number.isInteger(outline) && outline >= 0 && outline <= 5 ? outline : null,
            run: child(style, 'w:rPr'),
            numbering: child(paragraph, 'w:numPr'),
          },
        ],
      ]
    }),
  )
}

function levelsOf(xml: XmlElement | null): Map<string, DocxLevel[]> {
  const all = child(xml ?? undefined, 'w:numbering')?.children ?? []
  const byAbstract = new Map(
    all
      .filter(({ name }) => name === 'w:abstractNum')
      .map((abstract) => [
        abstract.attributes['w:abstractNumId'],
        abstract.children.filter(({ name }) => name === 'w:lvl'),
      ]),
  )
  return new Map(
    all
      .filter(({ name }) => name === 'w:num')
      .map((num): [string, DocxLevel[]] => {
        const overrides = new Map(
          num.children
            .filter(({ name }) => name === 'w:lvlOverride')
            .map((override) => [override.attributes['w:ilvl'], valueOf(override, 'w:startOverride')]),
        )
        const levels = (byAbstract.get(valueOf(num, 'w:abstractNumId')) ?? []).map((level): DocxLevel => {
          const start = Number(overrides.get(level.attributes['w:ilvl']) ?? valueOf(level, 'w:start') ?? 1)
          return {
            format: valueOf(level, 'w:numFmt') ?? 'decimal',
            text: valueOf(level, 'w:lvlText') ?? '',
            start: Number.isInteger(start) ? start : 1,
          }
        })
        return [num.attributes['w:numId'] ?? '', levels]
      }),
  )
}

/** Whether a setting of a run is on in a style or in what it is based on. */
export function styleSays(docx: DocxPackage, id: string | undefined, name: string): boolean {
  let at = id
  for (let steps = 0; at !== undefined && steps < 20; steps++) {
    const style = docx.style(at)
    if (style === null) return false
    if (child(style.run, name) !== undefined) return isOn(style.run, name)
    at = style.basedOn ?? undefined
  }
  return false
}
