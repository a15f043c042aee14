/** What a file can hold and a document cannot, and how that is said to people. */
const LOSSES = {
  script: 'Scripts, forms and embedded objects were left out',
  remote_image: 'Images on other sites became links to them',
  unknown_image: 'Images of a kind that cannot be shown were left out',
  image_size: 'Images are shown in their own size, not the one in the file',
  unsafe_link: 'Links that could run something became plain text',
  colour: 'Colours became the nearest ones that there are',
  font: 'Fonts and sizes of text were left out',
  script_position: 'Raised and lowered text became ordinary text',
  mixed_list: 'Lists with some boxes to tick were divided',
  numbering: 'Letters and roman numerals of lists became numbers',
  too_deep: 'What was nested too deeply was flattened',
  caption: 'Captions of tables became paragraphs',
  footnote: 'Footnotes and endnotes were left out',
  comment: 'Comments were left out',
  tracked: 'Tracked changes were accepted',
  header: 'Headers and footers were left out',
  drawing: 'Drawings, charts and text boxes were left out',
  equation: 'Equations became plain text',
  page: 'Breaks of pages and columns were left out',
  merged_grid: 'Cells that overlap in a table were moved',
  columns: 'Definition lists became paragraphs',
} as const
export type LossCode = keyof typeof LOSSES

/** One thing that an import could not carry over. */
export interface Loss {
  code: LossCode
  text: string
  /** How often. */
  count: number
}

/** Counts what is lost while a file is read. */
export class LossReport {
  readonly #counts = new Map<LossCode, number>()

  add(code: LossCode): void {
    this.#counts.set(code, (this.#counts.get(code) ?? 0) + 1)
  }
  list(): Loss[] {
    return [...this.#counts].map(([code, count]) => ({ code, text: LOSSES[code], count }))
  }
}
