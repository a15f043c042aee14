/** The middle of these; between the middle two where their number is even. Throws for none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)]
  const lower = sorted[Math.ceil(sorted.length / 2) - 1]
  if (upper === undefined || lower === undefined) throw new Error('There is no median of nothing.')
  return (lower + upper) / 2
}

/** Of those that were measured one after the other, the middle one of their ratios: what the machine did in that second falls on both. */
export const medianRatio = (ours: readonly number[], others: readonly number[]): number =>
  median(ours.map((figure, round) => figure / (others[round] ?? NaN)))

/**
 * Measures the sides in turn (A B A B …), so that what else the machine does falls on all of them, and answers each one's figures, a round each.
 */
export async function figuresInTurn<Side extends string>(
  rounds: number,
  sides: Readonly<Record<Side, () => Promise<number>>>,
  told: (line: string) => void,
): Promise<Record<Side, number[]>> {
  const names = Object.keys(sides) as Side[]
  const all = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Side, number[]>
  for (let round = 1; round <= rounds; round++) {
    const line: string[] = []
    for (const name of names) {
      const figure = await sides[name]()
      all[name].push(figure)
      line.push(`${name} ${Number(figure.toPrecision(4))}`)
    }
    told(`round ${round} of ${rounds}: ${line.join(', ')}`)
  }
  return all
}

/** The same, and answers each one's median. */
export async function inTurn<Side extends string>(
  rounds: number,
  sides: Readonly<Record<Side, () => Promise<number>>>,
  told: (line: string) => void,
): Promise<Record<Side, number>> {
  const all = await figuresInTurn(rounds, sides, told)
  const medians = Object.entries<number[]>(all).map(([name, figures]) => [name, median(figures)])
  return Object.fromEntries(medians) as Record<Side, number>
}
