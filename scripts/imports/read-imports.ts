import { parseSync } from 'vite'

/** What a module imports, and whether it does nothing but pass on other modules' exports. */
export interface ModuleFacts {
  /** As they stand in the source: `./room.ts`, `zod`, `node:fs`. Imports of types count like all others. */
  imports: string[]
  barrel: boolean
}

/** Reads a module with a real parser, so that comments and strings are no imports. Throws when it is not valid code. */
export function readImports(file: string, source: string): ModuleFacts {
  const { program, errors } = parseSync(file, source)
  const [error] = errors
  if (error !== undefined) throw new Error(`${file}: ${error.message}`)
  const imports: string[] = []
  collect(program, imports)
  return { imports, barrel: program.body.length > 0 && program.body.every(passesOn) }
}

type Node = Record<string, unknown> & { type: string }

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'

function collect(value: unknown, into: string[]): void {
  if (Array.isArray(value)) for (const each of value) collect(each, into)
  if (!isNode(value)) return
  const from = literal(value['source'])
  if (from !== null && IMPORTING.has(value.type)) into.push(from)
  for (const child of Object.values(value)) if (typeof child === 'object') collect(child, into)
}

const IMPORTING = new Set([
  'ImportDeclaration',
  'ExportNamedDeclaration',
  'ExportAllDeclaration',
  'ImportExpression',
  'TSImportType',
])

/** Only an address that stands there can be followed; a computed one is null. */
function literal(source: unknown): string | null {
  return isNode(source) && source.type === 'Literal' && typeof source['value'] === 'string' ? source['value'] : null
}

function passesOn(statement: unknown): boolean {
  if (!isNode(statement)) return false
  return statement.type.startsWith('Export') && literal(statement['source']) !== null
}
