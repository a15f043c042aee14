/** What a package may import besides itself: other packages of ours by name, and whether from outside it takes all or only this. */
interface Border {
  ours: readonly string[]
  outside?: { code: readonly string[]; tests: readonly string[] }
}

/** Imports point one way: web → client → kinds, server → engine → kinds. */
const BORDERS: Readonly<Record<string, Border>> = {
  kinds: { ours: [], outside: { code: ['zod', 'yjs'], tests: ['zod', 'yjs', 'vitest', 'fast-check', 'node:'] } },
  engine: { ours: ['kinds'] },
  client: { ours: ['kinds'] },
  server: { ours: ['engine', 'kinds'] },
  web: { ours: ['client', 'kinds'] },
}

/** The package that a path inside the repository belongs to; null for scripts, tests and examples, which may import anything. */
export function packageOf(path: string): string | null {
  return /^packages\/([^/]+)\//.exec(path)?.[1] ?? null
}

const isTest = (path: string) => /\.test\.tsx?$/.test(path) || path.includes('/testing/')

/**
 * Why this import crosses a border that it may not, or null. `target` is the path that a relative import leads to, null for a
 * package from outside or by name.
 */
export function crossing(path: string, from: string, target: string | null): string | null {
  const own = packageOf(path)
  if (own === null) return null
  const border = BORDERS[own]
  if (border === undefined) return `packages/${own} has no place in the direction of imports`

  if (target !== null) {
    const other = packageOf(target)
    if (other === own) return null
    return other === null
      ? `a package imports nothing from beside it: ${target}`
      : `packages are imported by name, not by path: ${target}`
  }
  const ours = /^@plenary\/([^/]+)/.exec(from)?.[1]
  if (ours !== undefined) {
    if (ours === own) return `a package imports its own files by path, not as ${from}`
    return border.ours.includes(ours) ? null : `${own} must not import ${ours}`
  }
  if (border.outside === undefined) return null
  const allowed = isTest(path) ? border.outside.tests : border.outside.code
  const matches = (name: string) => from === name || from.startsWith(name.endsWith(':') ? name : `${name}/`)
  return allowed.some(matches) ? null : `${own} takes nothing from outside but ${allowed.join(', ')}, not ${from}`
}
