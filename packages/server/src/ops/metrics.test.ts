import { METRICS } from '@plenary/engine'
import { expect, test } from 'vitest'
import { prometheusMetrics } from './metrics.ts'

test("every figure of the engine's table comes out under its name", async () => {
  const metrics = prometheusMetrics()
  metrics.gauge('connections', () => 7)
  metrics.count('commands_total', 2, { outcome: 'ok' })
  metrics.observe('append_seconds', 0.004)
  metrics.request('join', 200, 0.01)
  const { contentType, text } = await metrics.expose()
  expect(contentType).toMatch(/^text\/plain/)
  for (const [name, { type }] of Object.entries(METRICS))
    if (type !== 'gauge') expect(text).toContain(`# TYPE plenary_${name} ${type}`)
  expect(text).toContain('plenary_connections 7')
  expect(text).toContain('plenary_commands_total{outcome="ok"} 2')
  expect(text).toContain('plenary_append_seconds_bucket{le="0.005"} 1')
  expect(text).toContain('plenary_http_request_seconds_count{route="join",status="200"} 1')
})
