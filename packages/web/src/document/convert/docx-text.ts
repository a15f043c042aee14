import { HIGHLIGHT_COLOURS, TEXT_COLOURS, nearestColour } from '../colours.ts'
import { safeHref } from './address.ts'
import { INLINE_CODE } from './docx-styles.ts'
import { styleSays } from './docx-package.ts'
import { dataUrl, imageFile } from './image-file.ts'
import { IMPORT_LIMITS } from './limits.ts'
import { child, find, isOn, textIn, valueOf } from './xml.ts'
import type { DocxPackage } from './docx-package.ts'
import type { LossReport } from './losses.ts'
import type { Piece, PieceMark } from './piece.ts'
import type { XmlElement } from './xml.ts'

/** What stands in one paragraph: text and breaks, with images between, and the box that it begins with. */
export interface DocxText {
  content: Piece[]
  box: { checked: boolean } | null
}

/** Reads the text of paragraphs of one file. */
export class DocxTextReader {
  readonly #docx: DocxPackage
  readonly #losses: LossReport

  constructor(docx: DocxPackage, losses: LossReport) {
    this.#docx = docx
    this.#losses = losses
  }

  read(paragraph: XmlElement): DocxText {
    const into: DocxText = { content: [], box: null }
    this.#each(paragraph.children, [], into)
    // One space stands between a box and its text.
    const [first] = into.content
    if (into.box !== null && first?.text !== undefined) first.text = first.text.replace(/^ /, '')
    return into
  }

  #each(elements: readonly XmlElement[], around: readonly PieceMark[], into: DocxText): void {
    for (const element of elements) this.#element(element, around, into)
  }

  #element(element: XmlElement, around: readonly PieceMark[], into: DocxText): void {
    switch (element.name) {
      case 'w:r':
        return this.#run(element, around, into)
      case 'w:hyperlink':
        return this.#each(element.children, this.#link(element, around), into)
      case 'w:ins':
      case 'w:moveTo':
        this.#losses.add('tracked')
        return this.#each(element.children, around, into)
      case 'w:del':
      case 'w:moveFrom':
        return this.#losses.add('tracked')
      case 'w:smartTag':
      case 'w:fldSimple':
      case 'w:customXml':
      case 'w:dir':
      case 'w:bdo':
        return this.#each(element.children, around, into)
      case 'w:sdt': {
        const box = child(child(element, 'w:sdtPr'), 'w14:checkbox')
        if (box === undefined || into.content.length > 0)
          return this.#each(child(element, 'w:sdtContent')?.children ?? [], around, into)
        const state = child(box, 'w14:checked')?.attributes['w14:val']
        into.box = { checked: state === '1' || state === 'true' }
        return
      }
      case 'm:oMath':
      case 'm:oMathPara':
        this.#losses.add('equation')
        return void into.content.push(withMarks({ type: 'text', text: textIn(element) }, around))
      default:
    }
  }

  #link(element: XmlElement, around: readonly PieceMark[]): readonly PieceMark[] {
    const { 'r:id': id, 'w:anchor': anchor } = element.attributes
    const outside = id === undefined ? undefined : this.#docx.relation(id)?.target
    const target = anchor === undefined ? outside : `${outside ?? ''}#${anchor}`
    const href = target === undefined ? null : safeHref(target)
    if (target !== undefined && href === null) this.#losses.add('unsafe_link')
    return href === null ? around : [{ type: 'link', attrs: { href } }, ...around]
  }

  #run(run: XmlElement, around: readonly PieceMark[], into: DocxText): void {
    const marks = [...around, ...this.#marks(child(run, 'w:rPr'))]
    const text = (words: string) => void into.content.push(withMarks({ type: 'text', text: words }, marks))
    const inside = (elements: readonly XmlElement[]): void => {
      for (const part of elements) {
        switch (part.name) {
          case 'w:t':
            text(textIn(part).replaceAll(/[\r\n]+/g, ' '))
            break
          case 'w:tab':
            text('\t')
            break
          case 'w:noBreakHyphen':
            text('\u2011')
            break
          case 'w:softHyphen':
            text('\u00ad')
            break
          case 'w:sym':
            text(symbolOf(part))
            break
          case 'w:br':
          case 'w:cr':
            if (['page', 'column'].includes(part.attributes['w:type'] ?? '')) this.#losses.add('page')
            else into.content.push(withMarks({ type: 'hardBreak' }, marks))
            break
          case 'w:footnoteReference':
          case 'w:endnoteReference':
            this.#losses.add('footnote')
            break
          case 'w:commentReference':
            this.#losses.add('comment')
            break
          case 'mc:AlternateContent':
            inside(child(part, 'mc:Choice')?.children ?? [])
            break
          case 'w:drawing':
          case 'w:pict':
          case 'w:object':
            this.#drawing(part, into)
            break
          default:
        }
      }
    }
    inside(run.children)
  }

  #marks(format: XmlElement | undefined): PieceMark[] {
    if (format === undefined) return []
    const style = valueOf(format, 'w:rStyle')
    const says = (name: string) =>
      child(format, name) === undefined ? styleSays(this.#docx, style, name) : isOn(format, name)
    const marks: PieceMark[] = []
    const isLink = style !== undefined && /^hyperlink$|^followedhyperlink$/i.test(style)
    if (says('w:b')) marks.push({ type: 'bold' })
    if (says('w:i')) marks.push({ type: 'italic' })
    if (isLink ? isOn(format, 'w:u') : says('w:u')) marks.push({ type: 'underline' })
    if (says('w:strike') || says('w:dstrike')) marks.push({ type: 'strike' })
    if (style !== undefined && isCodeStyle(style, this.#docx.style(style)?.name)) marks.push({ type: 'code' })
    marks.push(...this.#paint('textColor', TEXT_COLOURS, valueOf(format, 'w:color')))
    const ground = child(format, 'w:shd')?.attributes['w:fill'] ?? WORD_HIGHLIGHTS[valueOf(format, 'w:highlight') ?? '']
    marks.push(...this.#paint('highlight', HIGHLIGHT_COLOURS, ground))
    if (['superscript', 'subscript'].includes(valueOf(format, 'w:vertAlign') ?? '')) this.#losses.add('script_position')
    if (child(format, 'w:rFonts') !== undefined || child(format, 'w:sz') !== undefined) this.#losses.add('font')
    return marks
  }

  #paint(type: string, set: typeof TEXT_COLOURS | typeof HIGHLIGHT_COLOURS, value: string | undefined): PieceMark[] {
    const near = value === undefined || value === 'auto' ? null : nearestColour(set, value)
    if (near === null || near.name === null) return []
    if (!near.exact) this.#losses.add('colour')
    return [{ type, attrs: { color: near.name } }]
  }

  #drawing(drawing: XmlElement, into: DocxText): void {
    const id = find(drawing, 'a:blip')?.attributes['r:embed'] ?? find(drawing, 'v:imagedata')?.attributes['r:id']
    if (id === undefined) return this.#losses.add('drawing')
    const relation = this.#docx.relation(id)
    const bytes = relation === null || relation.outside ? null : this.#docx.file(relation.target)
    const file = bytes === null || bytes.length > IMPORT_LIMITS.imageBytes ? null : imageFile(bytes)
    if (file === null) return this.#losses.add('unknown_image')
    const about = find(drawing, 'wp:docPr')?.attributes
    const [alt, title] = [about?.['descr'], about?.['title']]
    into.content.push({
      type: 'image',
      attrs: {
        src: dataUrl(file),
        ...(alt === undefined || alt === '' ? {} : { alt }),
        ...(title === undefined || title === '' ? {} : { title }),
      },
    })
  }
}

const isCodeStyle = (id: string, name: string | undefined) =>
  id === INLINE_CODE || (name !== undefined && /^(?:html code|verbatim char|source text|inline code)$/.test(name))

const withMarks = (piece: Piece, marks: readonly PieceMark[]): Piece =>
  marks.length === 0 ? piece : { ...piece, marks: [...marks] }

/** Fonts of signs keep theirs in a private place; what is in none is taken as it is. */
function symbolOf(part: XmlElement): string {
  const code = Number.parseInt(part.attributes['w:char'] ?? '', 16)
  if (!Number.isInteger(code) || code < 0x20 || code > 0xffff) return ''
  return code >= 0xf000 && code <= 0xf0ff ? '•' : String.fromCharCode(code)
}

const WORD_HIGHLIGHTS: Readonly<Record<string, string>> = {
  yellow: HIGHLIGHT_COLOURS.yellow,
  darkYellow: HIGHLIGHT_COLOURS.yellow,
  green: HIGHLIGHT_COLOURS.green,
  darkGreen: HIGHLIGHT_COLOURS.green,
  cyan: HIGHLIGHT_COLOURS.teal,
  darkCyan: HIGHLIGHT_COLOURS.teal,
  blue: HIGHLIGHT_COLOURS.blue,
  darkBlue: HIGHLIGHT_COLOURS.blue,
  magenta: HIGHLIGHT_COLOURS.pink,
  darkMagenta: HIGHLIGHT_COLOURS.purple,
  red: HIGHLIGHT_COLOURS.red,
  darkRed: HIGHLIGHT_COLOURS.red,
  lightGray: HIGHLIGHT_COLOURS.grey,
  darkGray: HIGHLIGHT_COLOURS.grey,
}
