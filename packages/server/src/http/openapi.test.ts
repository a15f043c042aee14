import { expect, test } from 'vitest'
import { openApiDocument } from './openapi.ts'
import { ROUTES } from './routes.ts'
import { openHarness } from '../testing/harness.ts'

interface Operation {
  operationId: string
  summary: string
  parameters: { name: string; in: string; required: boolean; schema: unknown }[]
  requestBody?: { content: Record<string, { schema: { type?: string; additionalProperties?: boolean } }> }
  responses: Record<string, { description: string; content: Record<string, { schema: unknown }> }>
  security?: Record<string, string[]>[]
}
interface Document {
  openapi: string
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, unknown>; securitySchemes: Record<string, unknown> }
}

const document = openApiDocument(ROUTES) as unknown as Document
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
)

test('the document has every route once, and is served', async () => {
  expect(operations.map(({ path, method }) => `${method} ${path}`).toSorted()).toEqual(
    ROUTES.map(({ path, method }) => `${method} ${path}`).toSorted(),
  )
  expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(ROUTES.length)
  await using harness = await openHarness()
  const { status, body } = await harness.ask<Document>('GET', '/api/openapi.json')
  expect(status).toBe(200)
  expect(body).toEqual(JSON.parse(JSON.stringify(document)))
})

test('the document is whole: parameters are declared, references lead somewhere, every answer is described', () => {
  expect(document.openapi).toBe('3.1.0')
  for (const { path, operation } of operations) {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    const declared = operation.parameters.filter((parameter) => parameter.in === 'path')
    expect(declared.map(({ name }) => name)).toEqual(named)
    expect(declared.every(({ required }) => required)).toBe(true)
    expect(Object.keys(operation.responses).some((status) => status.startsWith('2'))).toBe(true)
    for (const { description } of Object.values(operation.responses)) expect(description).not.toBe('')
    for (const scheme of operation.security ?? []) {
      expect(Object.keys(document.components.securitySchemes)).toEqual(expect.arrayContaining(Object.keys(scheme)))
    }
  }
  for (const [, name] of JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)) {
    expect(document.components.schemas).toHaveProperty(name ?? '')
  }
})

test('bodies are strict, and what fails has the form of a failure', () => {
  for (const { method, operation } of operations) {
    const content = operation.requestBody?.content
    expect(content !== undefined).toBe(method !== 'get' && method !== 'delete')
    const schema = content?.['application/json']?.schema
    if (schema !== undefined) expect(schema).toMatchObject({ type: 'object', additionalProperties: false })
    else if (content !== undefined) expect(Object.keys(content)).toEqual(['image/*'])
    for (const [status, answer] of Object.entries(operation.responses)) {
      if (Number(status) < 400) continue
      expect(answer.content['application/json']?.schema).toEqual({ $ref: '#/components/schemas/Failure' })
    }
  }
})

test('what is no JSON is described as what it is', () => {
  const files = operations.flatMap(({ path, operation }) => {
    const types = Object.keys(operation.responses['200']?.content ?? {})
    return types.includes('application/json') || types.length === 0 ? [] : [[path, ...types]]
  })
  expect(files).toEqual([
    ['/api/events/{event}/export', 'application/zip'],
    ['/api/events/{event}/rooms/{room}/csv', 'text/csv'],
    ['/api/rooms/{room}/files/{file}', 'image/*'],
  ])
})
