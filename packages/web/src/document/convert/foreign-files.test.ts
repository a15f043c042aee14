import { strToU8, zipSync } from 'fflate'
import { expect, test } from 'vitest'
import { schema } from '../schema.ts'
import { docxToDocument } from './docx-in.ts'
import { htmlToDocument } from './html-in.ts'
import { ImportRefused } from './limits.ts'
import { markdownToDocument } from './markdown-in.ts'
import { plainText } from './piece.ts'
import type { Imported } from './html-in.ts'

const lost = ({ losses }: Imported) => Object.fromEntries(losses.map(({ code, count }) => [code, count]))
const types = ({ doc }: Imported) => (doc.content ?? []).map(({ type }) => type)

const W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
const docx = (body: string, more: Record<string, Uint8Array> = {}) =>
  zipSync({
    'word/document.xml': strToU8(`<?xml version="1.0"?><w:document ${W}><w:body>${body}</w:body></w:document>`),
    ...more,
  })

test('HTML with scripts becomes its text: nothing that runs is in the document, and what was left out is said', () => {
  const read = htmlToDocument(
    `<p onclick="steal()">Hello <script>steal()</script><b onmouseover=x>world</b></p>
     <a href="java&#10;script:alert(1)">click</a> <a href="data:text/html,x">data</a> <a href="vbscript:x">vb</a>
     <svg><script>steal()</script></svg><iframe src="//evil"></iframe><img src=x onerror=steal()><img src="data:image/svg+xml;base64,PHN2Zz4=">
     <style>p{}</style><form><input name=a></form><math><mi>x</mi></math>`,
  )
  const json = JSON.stringify(read.doc)
  expect(json).not.toMatch(/steal|script|onclick|data:|svg|iframe/)
  expect(plainText(read.doc)).toBe('Hello worldclick data vb')
  expect(lost(read)).toEqual({ script: 5, unsafe_link: 3, unknown_image: 2 })
  schema.nodeFromJSON(read.doc).check()
})

test('what a page has and a document has not is counted', () => {
  const read = htmlToDocument(
    `<p>H<sub>2</sub>O <span style="font-family: Comic Sans; color: #ff0001">red</span></p><img src="https://elsewhere.example/a.png" alt="far">
     <ol type="a"><li>one</li></ol><ul><li><input type=checkbox> task</li><li>bullet</li></ul><table><caption>Title</caption><tr><td>x</td></tr></table>`,
  )
  expect(lost(read)).toEqual({
    script_position: 1,
    font: 1,
    colour: 1,
    remote_image: 1,
    numbering: 1,
    mixed_list: 1,
    caption: 1,
  })
  expect(types(read)).toEqual(['paragraph', 'paragraph', 'orderedList', 'taskList', 'bulletList', 'paragraph', 'table'])
})

test('deep nesting is flattened, and the schema holds', () => {
  for (const [open, close] of [
    ['<blockquote>', '</blockquote>'],
    ['<ul><li>', '</li></ul>'],
    ['<div>', '</div>'],
    ['<b><i>', '</i></b>'],
  ]) {
    const read = htmlToDocument(`${open?.repeat(3_000)}deep${close?.repeat(3_000)}`)
    expect(plainText(read.doc)).toBe('deep')
    schema.nodeFromJSON(read.doc).check()
  }
  const quotes = markdownToDocument(`${'> '.repeat(300)}deep`)
  expect(plainText(quotes.doc)).toBe('deep')
})

test('tables whose cells overlap or are missing become whole ones', () => {
  const read = htmlToDocument(
    '<table><tr><td rowspan=3>a</td><td>b</td></tr><tr><td colspan=5>c</td></tr><tr></tr><tr><td rowspan=99>d</td></tr></table>',
  )
  schema.nodeFromJSON(read.doc).check()
  expect(plainText(read.doc)).toBe('abcd')
  expect(() => htmlToDocument(`<table>${'<tr><td colspan=100 rowspan=400>x'.repeat(400)}</table>`)).toThrow(
    ImportRefused,
  )
})

test('what is no DOCX, a damaged one, or one that unpacks to too much is refused with words', () => {
  const bomb = docx('<w:p/>', { 'word/media/zeros.png': new Uint8Array(130 * 1024 * 1024) })
  expect(bomb.length).toBeLessThan(1024 * 1024)
  const deep = docx(`${'<w:sdt><w:sdtContent>'.repeat(2_000)}${'</w:sdtContent></w:sdt>'.repeat(2_000)}`)
  const laughs = zipSync({
    'word/document.xml': strToU8(
      `<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><w:document ${W}><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>`,
    ),
  })
  for (const bytes of [
    new Uint8Array(),
    strToU8('PK no zip'),
    docx('<w:p>'),
    zipSync({ 'a.txt': strToU8('x') }),
    bomb,
    deep,
    laughs,
  ])
    expect(() => docxToDocument(bytes)).toThrow(ImportRefused)
})

test('a size that a packed file lies about writes no more than it says', () => {
  const file = docx('<w:p><w:r><w:t>text</w:t></w:r></w:p>', { 'word/media/a.png': new Uint8Array(1024 * 1024) })
  const view = new DataView(file.buffer)
  // In the list at the end of the package, the size of every file becomes one byte.
  for (let at = 0; at + 4 < file.length; at++)
    if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 24, 1, true)
  expect(() => docxToDocument(file)).toThrow(ImportRefused)
})

test("Word's own files: headings by their style, lists by their numbering, and what is lost is said", () => {
  const styles = `<w:styles ${W}><w:style w:type="paragraph" w:styleId="berschrift2"><w:name w:val="heading 2"/></w:style>
    <w:style w:type="character" w:styleId="Fett"><w:name w:val="Strong"/><w:rPr><w:b/></w:rPr></w:style></w:styles>`
  const numbering = `<w:numbering ${W}><w:abstractNum w:abstractNumId="4"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/></w:lvl></w:abstractNum>
    <w:num w:numId="9"><w:abstractNumId w:val="4"/></w:num></w:numbering>`
  const item = (text: string) =>
    `<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="9"/></w:numPr></w:pPr><w:r><w:t>${text}</w:t></w:r></w:p>`
  const read = docxToDocument(
    docx(
      `<w:p><w:pPr><w:pStyle w:val="berschrift2"/></w:pPr><w:r><w:t>Title</w:t></w:r></w:p>
       <w:p><w:ins><w:r><w:t>new</w:t></w:r></w:ins><w:del><w:r><w:delText>old</w:delText></w:r></w:del>
       <w:r><w:rPr><w:rStyle w:val="Fett"/></w:rPr><w:t>bold</w:t></w:r><w:r><w:footnoteReference w:id="1"/></w:r><w:r><w:br w:type="page"/></w:r></w:p>
       ${item('one')}<w:p><w:r><w:t>between</w:t></w:r></w:p>${item('two')}`,
      {
        'word/styles.xml': strToU8(styles),
        'word/numbering.xml': strToU8(numbering),
        'word/header1.xml': strToU8('<x/>'),
      },
    ),
  )
  expect(read.doc.content).toEqual([
    { type: 'heading', attrs: { level: 2 }, content: [{ type: 'text', text: 'Title' }] },
    {
      type: 'paragraph',
      content: [
        { type: 'text', text: 'new' },
        { type: 'text', text: 'bold', marks: [{ type: 'bold' }] },
      ],
    },
    {
      type: 'orderedList',
      attrs: { start: 1 },
      content: [{ type: 'listItem', content: [{ type: 'paragraph', content: [{ type: 'text', text: 'one' }] }] }],
    },
    { type: 'paragraph', content: [{ type: 'text', text: 'between' }] },
    {
      type: 'orderedList',
      attrs: { start: 2 },
      content: [{ type: 'listItem', content: [{ type: 'paragraph', content: [{ type: 'text', text: 'two' }] }] }],
    },
  ])
  expect(lost(read)).toEqual({ header: 1, tracked: 2, footnote: 1, page: 1, numbering: 2 })
})
