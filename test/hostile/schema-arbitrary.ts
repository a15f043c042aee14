import fc from 'fast-check'

/** What of JSON Schema the document uses. */
export interface JsonSchema {
  type?: string
  enum?: unknown[]
  const?: unknown
  anyOf?: JsonSchema[]
  properties?: Record<string, JsonSchema>
  required?: string[]
  items?: JsonSchema
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  pattern?: string
}

/** Values that the schema takes; of properties named in `known`, half are from there. */
export function arbitraryOf(
  schema: JsonSchema,
  known: Record<string, fc.Arbitrary<unknown>> = {},
): fc.Arbitrary<unknown> {
  if (schema.enum !== undefined && schema.enum.length > 0) return fc.constantFrom(...schema.enum)
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.anyOf !== undefined && schema.anyOf.length > 0)
    return fc.oneof(...schema.anyOf.map((each) => arbitraryOf(each, known)))
  switch (schema.type) {
    case 'object':
      return fc.record(
        Object.fromEntries(
          Object.entries(schema.properties ?? {}).map(([name, own]) => [
            name,
            name in known ? fc.oneof(known[name] ?? arbitraryOf(own), arbitraryOf(own)) : arbitraryOf(own, known),
          ]),
        ),
        { requiredKeys: schema.required ?? [] },
      )
    case 'array':
      return fc.array(arbitraryOf(schema.items ?? {}, known), { maxLength: 5 })
    case 'string':
      return textOf(schema)
    case 'integer':
    case 'number':
      return fc.integer({
        min: Math.max(schema.minimum ?? -1_000, Number.MIN_SAFE_INTEGER),
        max: Math.min(schema.maximum ?? 1_000_000, Number.MAX_SAFE_INTEGER),
      })
    case 'boolean':
      return fc.boolean()
    default:
      return fc.jsonValue({ maxDepth: 2 })
  }
}

function textOf({ pattern, minLength = 0, maxLength = 200 }: JsonSchema): fc.Arbitrary<string> {
  const any = fc.string({ minLength, maxLength: Math.min(maxLength, 200) })
  if (pattern === undefined) return any
  try {
    // What is only looked ahead for, and classes by property, are more than it can make.
    return fc.stringMatching(new RegExp(pattern.replaceAll(/\(\?!.*?\)/g, '')))
  } catch {
    return any
  }
}
