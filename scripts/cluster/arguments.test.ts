import { describe, expect, test } from 'vitest'
import { parseArguments } from './arguments.ts'

const parse = (line: string) => parseArguments(line.split(' ').filter(Boolean), '/srv')

describe('what a command line asks for', () => {
  test('nothing said: three nodes that take turns in two zones, with Kafka', () => {
    expect(parse('')).toEqual({
      do: 'up',
      options: { data: '/srv/.cluster', log: 'kafka', zones: ['north', 'south', 'north'], direct: false },
      detach: false,
      json: false,
      keep: false,
    })
  })

  test('all that can be said of a new cluster', () => {
    expect(
      parse('up --detach --json --data x --log postgres --nodes 2 --zones a --roles gateway --port 8080 --direct'),
    ).toEqual({
      do: 'up',
      options: { data: '/srv/x', log: 'postgres', zones: ['a', 'a'], direct: true, roles: 'gateway', port: 8080 },
      detach: true,
      json: true,
      keep: false,
    })
  })

  test.each(['kill', 'pause', 'resume', 'restart', 'drain'])('%s needs one name', (action) => {
    expect(parse(`${action} node-1`)).toEqual({ do: action, data: '/srv/.cluster', name: 'node-1' })
    expect(() => parse(action)).toThrow('needs the name')
    expect(() => parse(`${action} a b`)).toThrow('takes one name')
    expect(() => parse(`${action} ../x`)).toThrow('needs the name')
  })

  test('status, add and down', () => {
    expect(parse('status --json')).toEqual({ do: 'status', data: '/srv/.cluster', json: true })
    expect(parse('add --zone south')).toEqual({ do: 'add', data: '/srv/.cluster', json: false, zone: 'south' })
    expect(parse('down --keep --data /x')).toEqual({ do: 'down', data: '/x', keep: true })
    expect(parse('down --help')).toEqual({ do: 'help' })
  })

  test.each([
    ['fly', 'no command fly'],
    ['constructor', 'no command constructor'],
    ['down now', 'takes no name'],
    ['--bogus', 'bogus'],
    ['kill node-1 --json', 'kill takes no --json'],
    ['add --detach', 'add takes no --detach'],
    ['--log files', '--log must be'],
    ['--nodes 1.5', '--nodes must be'],
    ['--nodes 1000', '--nodes must be'],
    ['--port 0', '--port must be'],
    ['--zones a,,b', 'a zone is'],
    ['add --zone North', 'a zone is'],
    ['up --json', '--json is for'],
    ['up --detach --keep', '--keep is for'],
  ])('%s is refused in one line', (line, message) => {
    expect(() => parse(line)).toThrow(message)
  })
})
