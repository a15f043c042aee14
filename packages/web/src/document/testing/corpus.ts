import type { Piece, PieceMark } from '../convert/piece.ts'

/** Documents that hold every feature of the table in docs/DOCUMENTS.md, alone and mixed, for tests to send through files. */

const text = (words: string, ...marks: (string | PieceMark)[]): Piece => ({
  type: 'text',
  text: words,
  ...(marks.length === 0 ? {} : { marks: marks.map((mark) => (typeof mark === 'string' ? { type: mark } : mark)) }),
})
const paragraph = (...content: (string | Piece)[]): Piece => withText({ type: 'paragraph' }, content)
const aligned = (textAlign: string, ...content: (string | Piece)[]): Piece =>
  withText({ type: 'paragraph', attrs: { textAlign } }, content)
const heading = (level: number, ...content: (string | Piece)[]): Piece =>
  withText({ type: 'heading', attrs: { level } }, content)
const item = (...content: (string | Piece)[]): Piece => ({ type: 'listItem', content: content.map(asBlock) })
const task = (checked: boolean, ...content: (string | Piece)[]): Piece => ({
  type: 'taskItem',
  attrs: { checked },
  content: content.map(asBlock),
})
const bullets = (...content: Piece[]): Piece => ({ type: 'bulletList', content })
const numbers = (start: number, ...content: Piece[]): Piece => ({ type: 'orderedList', attrs: { start }, content })
const tasks = (...content: Piece[]): Piece => ({ type: 'taskList', content })
const quote = (...content: (string | Piece)[]): Piece => ({ type: 'blockquote', content: content.map(asBlock) })
const code = (language: string | null, words: string): Piece => ({
  type: 'codeBlock',
  ...(language === null ? {} : { attrs: { language } }),
  ...(words === '' ? {} : { content: [text(words)] }),
})
const rule: Piece = { type: 'horizontalRule' }
const breakLine: Piece = { type: 'hardBreak' }
const cell = (type: string, content: (string | Piece)[], attrs?: Record<string, unknown>): Piece => ({
  type,
  ...(attrs ? { attrs } : {}),
  content: content.map(asBlock),
})
const head = (...content: (string | Piece)[]) => cell('tableHeader', content)
const data = (...content: (string | Piece)[]) => cell('tableCell', content)
const wide = (colspan: number, rowspan: number, ...content: (string | Piece)[]) =>
  cell('tableCell', content, { ...(colspan > 1 ? { colspan } : {}), ...(rowspan > 1 ? { rowspan } : {}) })
const table = (...rows: Piece[][]): Piece => ({
  type: 'table',
  content: rows.map((content) => ({ type: 'tableRow', content })),
})
const link = (href: string, title?: string): PieceMark => ({
  type: 'link',
  attrs: title === undefined ? { href } : { href, title },
})
const colour = (color: string): PieceMark => ({ type: 'textColor', attrs: { color } })
const lit = (color: string): PieceMark => ({ type: 'highlight', attrs: { color } })

/** A picture of one dot. */
const DOT =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
const image = (alt?: string, title?: string): Piece => ({
  type: 'image',
  attrs: { src: DOT, ...(alt === undefined ? {} : { alt }), ...(title === undefined ? {} : { title }) },
})

function asBlock(content: string | Piece): Piece {
  return typeof content === 'string' ? paragraph(content) : content
}
function withText(block: Piece, content: (string | Piece)[]): Piece {
  const inside = content.map((part) => (typeof part === 'string' ? text(part) : part))
  return inside.length === 0 ? block : { ...block, content: inside }
}

const SIGNS = [
  '# no heading',
  '> no quote',
  '- no list',
  '+ no list',
  '1. no list',
  '12) no list',
  '--- no rule',
  '===',
  '~~~',
  '```',
  '| no | table |',
  '*stars* and **more** and _lines_ and __more__ and snake_case_words',
  '[no link](nowhere) ![no image](x) [ref]: y',
  '<b>no markup</b> &amp; &lt; &nbsp; & alone',
  'http://example.org and www.example.org and someone@example.org',
  String.raw`back\slash \* and C:\temp\new`,
  '`no code` and ``more``',
  '~no~ ~~strike~~ a~b',
  'ends with #',
  'ends with \\',
]

export const CORPUS: Readonly<Record<string, readonly Piece[]>> = {
  'an empty document': [paragraph()],
  'empty paragraphs between others': [paragraph('one'), paragraph(), paragraph(), paragraph('two'), paragraph()],
  headings: [1, 2, 3, 4, 5, 6].map((level) => heading(level, `Level ${level}`)),
  'a heading with marks and an empty one': [heading(2, 'Plain ', text('bold', 'bold'), ' end'), heading(3)],
  'every mark alone': [
    paragraph('a ', text('bold', 'bold'), ' b'),
    paragraph('a ', text('italic', 'italic'), ' b'),
    paragraph('a ', text('underline', 'underline'), ' b'),
    paragraph('a ', text('struck', 'strike'), ' b'),
    paragraph('a ', text('code();', 'code'), ' b'),
  ],
  'marks on each other': [
    paragraph(
      text('all', 'bold', 'italic', 'underline', 'strike'),
      ' ',
      text('both', 'bold', 'italic'),
      'joined',
      text('code', 'bold', 'code'),
    ),
    paragraph(
      text('one', 'bold'),
      text('two', 'bold', 'italic'),
      text('three', 'italic'),
      text('four', 'strike', 'italic'),
    ),
    paragraph('in', text('side', 'bold'), 'word, ', text('(punctuated)', 'bold'), ' and ', text(' spaced ', 'italic')),
    paragraph(text('** stars **', 'bold'), text('`ticks`', 'code'), text(' ` ', 'code')),
  ],
  'every text colour': [
    paragraph(
      ...['grey', 'red', 'orange', 'yellow', 'green', 'teal', 'blue', 'purple', 'pink'].map((name) =>
        text(name, colour(name)),
      ),
    ),
  ],
  'every highlight': [
    paragraph(
      ...['grey', 'red', 'orange', 'yellow', 'green', 'teal', 'blue', 'purple', 'pink'].map((name) =>
        text(name, lit(name)),
      ),
    ),
    paragraph(text('both', colour('blue'), lit('yellow'), 'bold')),
  ],
  links: [
    paragraph('See ', text('the site', link('https://example.org/a?b=1&c=2#d')), '.'),
    paragraph(
      text('titled', link('https://example.org/', 'A "title"')),
      ' ',
      text('mail', link('mailto:a@example.org')),
    ),
    paragraph(
      text('https://example.org', link('https://example.org')),
      ' ',
      text('bold link', link('https://example.org/x'), 'bold'),
    ),
    paragraph(text('brackets', link('https://example.org/a_(b)')), text('next', link('https://example.org/c'))),
  ],
  alignment: [
    aligned('left', 'left'),
    aligned('center', 'middle'),
    aligned('right', 'right'),
    aligned('justify', 'both'),
    { type: 'heading', attrs: { level: 2, textAlign: 'center' }, content: [text('Heading')] },
  ],
  'breaks and rules': [paragraph('one', breakLine, 'two', breakLine, '# three'), rule, paragraph('after'), rule, rule],
  'bullet lists': [bullets(item('one'), item('two', bullets(item('deep', bullets(item('deeper'))))), item('three'))],
  'numbered lists': [
    numbers(1, item('one'), item('two', numbers(1, item('inner')))),
    paragraph('between'),
    numbers(7, item('seven'), item('eight')),
  ],
  'task lists': [
    tasks(task(true, 'done'), task(false, 'open', tasks(task(false, 'part')))),
    paragraph('x'),
    tasks(task(false, '')),
  ].map((piece) => JSON.parse(JSON.stringify(piece).replaceAll(',"content":[{"type":"text","text":""}]', '')) as Piece),
  'lists in lists of another kind': [
    bullets(item('bullet', numbers(3, item('number', tasks(task(true, 'task')))), 'and more')),
    numbers(1, item('number', bullets(item('bullet')))),
  ],
  'lists after each other': [
    bullets(item('one')),
    bullets(item('two')),
    numbers(1, item('three')),
    numbers(1, item('four')),
    tasks(task(false, 'five')),
    tasks(task(true, 'six')),
  ],
  'items with more than text': [
    bullets(
      item('first', 'second paragraph', quote('quoted'), code('ts', 'const x = 1')),
      item(paragraph(), 'after an empty one'),
    ),
    numbers(1, item('text', image('dot'), 'after')),
  ],
  quotes: [
    quote('one', 'two'),
    paragraph('between'),
    quote(quote('inner'), 'outer'),
    quote(heading(3, 'Head'), bullets(item('in quote'))),
    quote('next'),
  ],
  code: [
    code(null, 'plain'),
    code('typescript', 'const a = `x`\n\n  if (a < b && c) {\n\treturn "<>"\n  }\n'),
    code('c++', '```\nfence\n```'),
    code(null, ''),
    code('js', '\n\nblank'),
    code('js', 'next'),
  ],
  images: [paragraph('before'), image('A dot', 'Its title'), image(), image('[odd] *alt*')],
  tables: [
    table(
      [head('Name'), head('Count')],
      [data('a | b'), data('1')],
      [data(paragraph()), data(paragraph(text('bold', 'bold')))],
    ),
    table([data('no'), data('heading')], [data('at'), data('all')]),
    table([head('x'), data('row')], [head('y'), data('heads')]),
  ],
  'tables with more': [
    table(
      [head(aligned('right', 'R')), head(aligned('center', 'C'))],
      [data(aligned('right', '1')), data(aligned('center', '2'))],
    ),
    table([wide(2, 1, 'wide'), data('one')], [wide(1, 2, 'tall'), data('a'), data('b')], [data('c'), data('d')]),
    table(
      [data('para', 'graphs', bullets(item('list'), item('two')))],
      [data(code('ts', 'a\n\nb'), quote('q'), heading(2, 'H'))],
    ),
    table([data(table([data('inner'), data('table')])), data('outer')]),
    paragraph('between'),
  ],
  'what looks like Markdown': SIGNS.map((line) => paragraph(line)),
  'what looks like Markdown after a break': SIGNS.map((line) => paragraph('x', breakLine, line)),
  'what looks like Markdown in items': [
    bullets(...SIGNS.map((line) => item(line))),
    tasks(...SIGNS.map((line) => task(false, line))),
  ],
  'white space': [
    paragraph('  two before'),
    paragraph('two after  '),
    paragraph('two  between   three'),
    paragraph('a\tb'),
    paragraph('no\u00a0break'),
    paragraph(' '),
    paragraph(text('a ', 'bold'), text(' b', 'italic')),
  ],
  Unicode: [
    paragraph('Größe, naïve, Ελληνικά, русский, 日本語、한국어, ไทย, हिन्दी'),
    paragraph('e\u0301 versus é, ﬁ ligature, Ⅳ, ½, a\u200db, soft\u00adhyphen, \u2028 line'),
    paragraph('math ∑∫√ 𝕏𝒴, arrows ⇒, zero\u200bwidth'),
  ],
  'right to left': [
    paragraph('שלום עולם, זה טקסט בעברית עם English באמצע'),
    aligned('right', 'مرحبا بالعالم'),
    aligned('left', 'عنوان'),
    bullets(item('פריט ראשון'), item('פריט שני')),
    table([head('שם'), head('מספר')], [data('א'), data('1')]),
  ],
  emoji: [
    paragraph('👋🏽 family 👩‍👩‍👧‍👦 flag 🏳️‍🌈 keycap 1️⃣ '),
    heading(1, '🎉 Party'),
    paragraph(text('bold 🚀', 'bold'), '🇩🇪'),
  ],
  everything: [
    heading(1, 'Report of the ', text('stage', 'italic')),
    aligned(
      'justify',
      'A paragraph with ',
      text('bold', 'bold'),
      ', a ',
      text('link', link('https://example.org')),
      ' and ',
      text('colour', colour('teal'), lit('pink')),
      '.',
    ),
    bullets(item('one', numbers(2, item('two'), item('three', tasks(task(true, 'four'))))), item('five')),
    quote('Said ', 'twice'),
    table([head('a'), head('b')], [data(paragraph(text('x', 'code'))), data('y')]),
    code('json', '{ "a": [1, 2] }'),
    image('dot'),
    rule,
    paragraph('The end', breakLine, 'really.'),
  ],
}

const WORDS =
  'the order of entries in a room is the same for everyone who reads them and none is lost on its way'.split(' ')

/** A long document of about so many pages, the same every time. */
export function longDocument(pages: number): Piece[] {
  return Array.from({ length: pages }, (_, page): Piece[] => {
    const sentence = (length: number, from: number) =>
      Array.from({ length }, (_word, index) => WORDS[(from * 7 + index * 3 + page) % WORDS.length]).join(' ')
    return [
      heading((page % 3) + 1, `Chapter ${page + 1}`),
      ...[1, 2, 3].map((part) =>
        paragraph(`${sentence(60, part)}, `, text(sentence(4, part), 'bold'), `, ${sentence(30, part + 1)}.`),
      ),
      bullets(item(sentence(8, 1)), item(sentence(9, 2), numbers(1, item(sentence(5, 3))))),
      table([head('Measure'), head('Value')], [data(sentence(3, 4)), data(String(page))]),
      quote(sentence(20, 5)),
    ]
  }).flat()
}
