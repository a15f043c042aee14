import type { IParagraphStyleOptions, ICharacterStyleOptions } from 'docx'

/**
 * Word has no containers: everything is a paragraph after another, in a style. So the style's name says what a paragraph is and
 * what it stands in: `Heading2_in_ql` is a heading in a list in a quote. The plainest ones have Word's own names.
 */
export interface Place {
  what: 'text' | 'heading' | 'code' | 'rule' | 'picture'
  level?: number
  language?: string
  /** What it stands in, outermost first: `q` and `Q` quotes (one after the other takes turns), `l` an item of a list. */
  path: string
}

const ALIASES: readonly (readonly [string, string])[] = [
  ['Quote', 'Text_in_q'],
  ['ListContinue', 'Text_in_l'],
  ['ListContinue2', 'Text_in_ll'],
  ['ListContinue3', 'Text_in_lll'],
  ['HTMLPreformatted', 'Code'],
]
const BY_ALIAS = new Map(ALIASES)
const BY_ID = new Map(ALIASES.map(([alias, id]) => [id, alias]))

export function styleIdOf(place: Place): string | null {
  const base = baseOf(place)
  if (base === 'Text' && place.path === '') return null
  const id = place.path === '' ? base : `${base}_in_${place.path}`
  return BY_ID.get(id) ?? id
}

function baseOf({ what, level = 1, language }: Place): string {
  switch (what) {
    case 'text':
      return 'Text'
    case 'heading':
      return `Heading${level}`
    case 'code':
      return language === undefined ? 'Code' : `Code_as_${encodeLanguage(language)}`
    case 'rule':
      return 'HorizontalRule'
    case 'picture':
      return 'Picture'
  }
}

/** What a style of ours says; null for any other. */
export function placeOf(styleId: string): Place | null {
  const id = BY_ALIAS.get(styleId) ?? styleId
  const read = /^(?:(Text)|Heading([1-6])|Code(?:_as_([\w-]+?))?|(HorizontalRule)|(Picture))(?:_in_([qQl]+))?$/.exec(id)
  if (read === null) return null
  const [, text, level, language, rule, picture, path = ''] = read
  if (text !== undefined) return { what: 'text', path }
  if (level !== undefined) return { what: 'heading', level: Number(level), path }
  if (rule !== undefined) return { what: 'rule', path }
  if (picture !== undefined) return { what: 'picture', path }
  return { what: 'code', path, ...(language === undefined ? {} : { language: decodeLanguage(language) }) }
}

/** The same by a style's name: programs that save a file again keep that, and make ids of their own. */
export function placeNamed(name: string): Place | null {
  const alias = Object.entries(WORD_NAMES).find(([, known]) => known.toLowerCase() === name)
  if (alias !== undefined) return placeOf(alias[0])
  const read = /^(text|heading ([1-6])|code|rule|picture)(?: \((.+)\))?$/.exec(name)
  if (read === null) return null
  const [, what = '', level, words = ''] = read
  const path: string[] = []
  let language: string | undefined
  for (const word of words === '' ? [] : words.split(', ')) {
    const step = Object.keys(STEPS).find((key) => STEPS[key] === word)
    if (step === undefined) language = word
    else path.push(step)
  }
  const inside = { path: path.join('') }
  if (level !== undefined) return { what: 'heading', level: Number(level), ...inside }
  if (what === 'code') return { what, ...inside, ...(language === undefined ? {} : { language }) }
  return what === 'text' || what === 'rule' || what === 'picture' ? { what, ...inside } : null
}

const STEPS: Readonly<Record<string, string>> = { q: 'quote', Q: 'next quote', l: 'list' }
const WORD_NAMES: Readonly<Record<string, string>> = {
  Quote: 'Quote',
  ListContinue: 'List Continue',
  ListContinue2: 'List Continue 2',
  ListContinue3: 'List Continue 3',
  HTMLPreformatted: 'HTML Preformatted',
}

const encodeLanguage = (language: string) =>
  language.replaceAll(/[^a-z0-9]/gi, (char) => `-${(char.codePointAt(0) ?? 0).toString(16)}-`)
const decodeLanguage = (encoded: string) =>
  encoded.replaceAll(/-([0-9a-f]+)-/g, (_found, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)))

export const SEPARATOR = 'Separator'
export const INLINE_CODE = 'InlineCode'
/** The ground of heading cells, by which they are known again. */
export const HEAD_GROUND = 'E3EAE6'
const CODE_FONT = 'Consolas'
/** A step to the right, in twentieths of a point. */
export const STEP_TWIPS = 560

/** The look of a place's style. */
export function paragraphStyle(place: Place): IParagraphStyleOptions | null {
  const id = styleIdOf(place)
  if (id === null || (place.what === 'heading' && place.path === '')) return null
  const quoted = /q/i.test(place.path)
  return {
    id,
    name: nameOf(place, id),
    basedOn: place.what === 'heading' ? `Heading${place.level ?? 1}` : 'Normal',
    next: place.what === 'code' ? id : 'Normal',
    quickFormat: place.path === '' || place.path === 'q',
    run: {
      ...(place.what === 'code' ? { font: CODE_FONT, size: 19, noProof: true } : {}),
      ...(quoted && place.what === 'text' ? { color: '41544D' } : {}),
    },
    paragraph: {
      ...(place.path === '' ? {} : { indent: { left: place.path.length * STEP_TWIPS } }),
      ...(place.what === 'code'
        ? { shading: { type: 'clear', fill: 'EFF3F0' }, spacing: { before: 120, after: 160, line: 264 } }
        : {}),
      ...(place.what === 'picture' ? { spacing: { before: 120, after: 120 } } : {}),
      ...(place.what === 'rule'
        ? {
            border: { bottom: { style: 'single', size: 8, color: '7B8D86', space: 1 } },
            spacing: { before: 80, after: 200 },
          }
        : quoted
          ? { border: { left: { style: 'single', size: 18, color: 'CFD9D4', space: 10 } } }
          : {}),
    },
  }
}

function nameOf(place: Place, id: string): string {
  if (Object.hasOwn(WORD_NAMES, id)) return WORD_NAMES[id] ?? id
  const what = { text: 'Text', heading: `Heading ${place.level}`, code: 'Code', rule: 'Rule', picture: 'Picture' }[
    place.what
  ]
  const inside = place.path.split('').map((step) => STEPS[step] ?? step)
  const words = [...(place.language === undefined ? [] : [place.language]), ...inside]
  return words.length === 0 ? what : `${what} (${words.join(', ')})`
}

export const CHARACTER_STYLES: ICharacterStyleOptions[] = [
  {
    id: INLINE_CODE,
    name: 'Inline Code',
    run: { font: CODE_FONT, size: 20, shading: { type: 'clear', fill: 'EFF3F0' } },
  },
]
