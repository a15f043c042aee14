/**
 * The colours that text and its ground can have: a closed set of names, each legible in light and dark. What they look like on
 * a page stands in `document.css`; these values are for files, where there is no scheme.
 */
export const TEXT_COLOURS = {
  grey: '#576a63',
  red: '#ac2318',
  orange: '#9a4a00',
  yellow: '#7a5a00',
  green: '#1d6b2f',
  teal: '#00696b',
  blue: '#1a56b0',
  purple: '#6b3fa0',
  pink: '#a3256b',
} as const
export const HIGHLIGHT_COLOURS = {
  grey: '#e3eae6',
  red: '#fbdcd7',
  orange: '#fde0c5',
  yellow: '#fde68a',
  green: '#cdeccf',
  teal: '#c9ebe8',
  blue: '#d3e4fd',
  purple: '#e6dcfb',
  pink: '#fadcec',
} as const
export type ColourName = keyof typeof TEXT_COLOURS
export const COLOUR_NAMES = Object.keys(TEXT_COLOURS) as ColourName[]

export function isColourName(value: unknown): value is ColourName {
  return typeof value === 'string' && Object.hasOwn(TEXT_COLOURS, value)
}

/** A colour of the set that stands for another one, and whether it is that very one. */
export interface Matched {
  /** null for what a page looks like without any: black text, white ground. */
  name: ColourName | null
  exact: boolean
}

const NEAR_PLAIN = 48

/** The nearest colour of a set to one of a file (`#rgb`, `#rrggbb`, `rgb(…)` or a common name); null where it says none. */
export function nearestColour(set: Readonly<Record<ColourName, string>>, colour: string): Matched | null {
  const wanted = parseColour(colour)
  if (wanted === null) return null
  const plain = set === TEXT_COLOURS ? [0, 0, 0] : [255, 255, 255]
  if (distance(wanted, plain) < NEAR_PLAIN) return { name: null, exact: true }
  const near = COLOUR_NAMES.map((name) => ({ name, far: distance(wanted, parseColour(set[name]) ?? plain) }))
  const best = near.reduce((one, other) => (other.far < one.far ? other : one))
  return { name: best.name, exact: best.far === 0 }
}

const COMMON: Readonly<Record<string, string>> = {
  black: '#000000',
  white: '#ffffff',
  red: '#ff0000',
  green: '#008000',
  blue: '#0000ff',
  yellow: '#ffff00',
  orange: '#ffa500',
  purple: '#800080',
  pink: '#ffc0cb',
  teal: '#008080',
  cyan: '#00ffff',
  magenta: '#ff00ff',
  lime: '#00ff00',
  navy: '#000080',
  maroon: '#800000',
  gray: '#808080',
  grey: '#808080',
}

function parseColour(text: string): number[] | null {
  const given = text.trim().toLowerCase()
  const colour = Object.hasOwn(COMMON, given) ? (COMMON[given] ?? given) : given
  const long = /^#?([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/.exec(colour)
  if (long) return long.slice(1).map((part) => Number.parseInt(part, 16))
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/.exec(colour)
  if (short) return short.slice(1).map((part) => Number.parseInt(part + part, 16))
  const rgb = /^rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})\s*(?:[,/]\s*(?:1|1\.0+|100%)\s*)?\)$/.exec(colour)
  return rgb ? rgb.slice(1).map(Number) : null
}

/** Weighted by how much the eye sees of each part. */
function distance(one: readonly number[], other: readonly number[]): number {
  const [r = 0, g = 0, b = 0] = one.map((part, index) => part - (other[index] ?? 0))
  return Math.sqrt(2 * r * r + 4 * g * g + 3 * b * b)
}
