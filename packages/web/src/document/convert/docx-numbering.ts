import { AlignmentType, LevelFormat } from 'docx'
import type { ILevelsOptions, INumberingOptions } from 'docx'
import { STEP_TWIPS } from './docx-styles.ts'

/** Deepest level that Word numbers. */
const LEVELS = 9
const BULLETS = ['•', '◦', '▪']

/** Which list a paragraph is an item of, and how deep. */
export interface NumberedAs {
  reference: string
  level: number
  instance: number
}

/** The lists of a file: each is one of its own, so that two after each other stay two. */
export class Numbering {
  #lists = 0
  readonly #ordered: { reference: string; start: number }[] = []

  list(type: string, start: number, depth: number): NumberedAs {
    this.#lists += 1
    const level = Math.min(depth, LEVELS) - 1
    if (type !== 'orderedList') return { reference: type, level, instance: this.#lists }
    const reference = `orderedList${this.#lists}`
    this.#ordered.push({ reference, start })
    return { reference, level, instance: this.#lists }
  }

  get config(): INumberingOptions['config'] {
    return [
      {
        reference: 'bulletList',
        levels: levels((level) => ({ format: LevelFormat.BULLET, text: BULLETS[level % BULLETS.length] ?? '•' })),
      },
      { reference: 'taskList', levels: levels(() => ({ format: LevelFormat.NONE, text: '' })) },
      ...this.#ordered.map(({ reference, start }) => ({
        reference,
        levels: levels((level) => ({ format: LevelFormat.DECIMAL, text: `%${level + 1}.`, start })),
      })),
    ]
  }
}

function levels(of: (level: number) => Pick<ILevelsOptions, 'format' | 'text' | 'start'>): ILevelsOptions[] {
  return Array.from({ length: LEVELS }, (_, level) => ({
    level,
    alignment: AlignmentType.LEFT,
    ...of(level),
    style: { paragraph: { indent: { left: (level + 1) * STEP_TWIPS, hanging: 340 } } },
  }))
}
