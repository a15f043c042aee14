import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { METRICS } from '@plenary/engine'
import { describe, expect, test } from 'vitest'
import { fillTemplate, templateValues } from '../scripts/engines/nginx.ts'

const deploy = join(import.meta.dirname, '../deploy')
const read = (file: string) => readFile(join(deploy, file), 'utf8')

describe('what is deployed fits what is built', () => {
  test('the dashboard asks for metrics that exist, and shows all of the engine', async () => {
    const asked = (await read('grafana/plenary.json')).matchAll(/plenary_(\w+?)(?:_bucket|_count)?\{/g)
    const shown = new Set(Array.from(asked, ([, name]) => name))
    shown.delete('http_request_seconds')
    expect(shown).toEqual(new Set(Object.keys(METRICS)))
  })

  test.each(['compose.yaml', 'kubernetes/door.yaml'])(
    '%s fills in all that the nginx template leaves open, and no more',
    async (file) => {
      const asked = new Set((await read('nginx/plenary.conf.template')).match(/PLENARY_\w+(?=\})/g))
      const given = new Set((await read(file)).match(/PLENARY_[A-Z_]*[A-Z](?=:|, value)/g))
      expect(given).toEqual(asked)
    },
  )

  test('so do the nodes of this machine, and a name without a value is no silent gap', async () => {
    const template = await read('nginx/plenary.conf.template')
    const node = { name: 'node-1', address: '127.0.0.1:3000', http: true, gateway: true }
    const filled = fillTemplate(template, templateValues('127.0.0.1:8080', [node]))
    expect(filled).not.toContain('${PLENARY')
    expect(filled).toContain('node-1 127.0.0.1:3000;')
    expect(() => fillTemplate(template, {})).toThrow('PLENARY_')
  })
})
