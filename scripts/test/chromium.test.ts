import { expect, test } from 'vitest'
import { provideChromium } from './chromium.ts'
import type { Machine } from '../debian.ts'

/** A machine whose programs are these: each gives its exit code, and may change what is there. */
function machine(programs: Record<string, (args: string[]) => number>, given: Partial<Machine> = {}) {
  const said: string[] = []
  const ran: string[] = []
  const made: Machine = {
    env: { PATH: '/opt/bin' },
    root: true,
    say: (line) => said.push(line),
    async run(command, args) {
      ran.push([command, ...args].join(' '))
      // `env` and `sudo` run what follows them.
      const words = [command, ...args].filter((word) => !['sudo', '-n', 'env'].includes(word) && !word.includes('='))
      const [name = command, ...rest] = words
      const code = programs[name]?.(rest) ?? -1
      return { code, output: name.includes('chromium') ? 'Chromium 1.2.3\n' : 'Reading lists\nNo such package' }
    },
    ...given,
  }
  return { machine: made, said, ran }
}
const there = { path: '/usr/bin/chromium', version: 'Chromium 1.2.3' }

test('a browser that is there is used, and nothing is installed', async () => {
  const { machine: given, said, ran } = machine({ '/usr/bin/chromium': () => 0 })
  expect(await provideChromium(given)).toEqual(there)
  expect(said).toEqual([])
  expect(ran.filter((line) => line.includes('apt-get'))).toEqual([])
})

test('CHROMIUM names the browser to use, and nothing else will do', async () => {
  const programs = { '/usr/bin/chromium': () => 0, '/mine': () => 0 }
  const mine = machine(programs, { env: { CHROMIUM: '/mine' } })
  expect(await provideChromium(mine.machine)).toMatchObject({ path: '/mine' })
  const gone = machine(programs, { env: { CHROMIUM: '/gone' } })
  expect(await provideChromium(gone.machine)).toEqual({ missing: 'CHROMIUM=/gone cannot be started' })
})

test('a browser that is missing is installed, with fonts, and that is said', async () => {
  let installed = false
  const { machine: given, said } = machine({
    'apt-get': (args) => (args.includes('install') ? ((installed = args.includes('chromium')), 0) : 0),
    '/usr/bin/chromium': () => (installed ? 0 : -1),
  })
  expect(await provideChromium(given)).toEqual(there)
  expect(said).toEqual([expect.stringContaining('chromium fonts-noto-core fonts-noto-color-emoji')])
})

test('lists of packages that are missing are fetched', async () => {
  let lists = false
  let installed = false
  const { machine: given } = machine({
    'apt-get': (args) => {
      if (args.includes('update')) lists = true
      if (args.includes('install')) installed = lists
      return args.includes('install') && !lists ? 100 : 0
    },
    '/usr/bin/chromium': () => (installed ? 0 : -1),
  })
  expect(await provideChromium(given)).toEqual(there)
})

test('what is missing is said in one line', async () => {
  const bare = machine({})
  expect(await provideChromium(bare.machine)).toEqual({ missing: 'Chromium is not installed, and there is no apt-get' })
  const user = machine({ 'apt-get': () => 0 }, { root: false })
  expect(await provideChromium(user.machine)).toEqual({
    missing: 'Chromium is not installed, and installing it needs root or sudo without a password',
  })
  expect(user.ran.some((line) => line.includes('install'))).toBe(false)
  const broken = machine({ 'apt-get': (args) => (args.includes('--version') ? 0 : 100) })
  expect(await provideChromium(broken.machine)).toEqual({ missing: 'Chromium could not be installed: No such package' })
})

test('without root it goes through sudo, where that asks no password', async () => {
  let installed = false
  const { machine: given, ran } = machine(
    {
      'apt-get': (args) => ((installed ||= args.includes('install')), 0),
      true: () => 0,
      '/usr/bin/chromium': () => (installed ? 0 : -1),
    },
    { root: false },
  )
  expect(await provideChromium(given)).toEqual(there)
  expect(ran.some((line) => line.startsWith('sudo -n env DEBIAN_FRONTEND=noninteractive apt-get -qq install'))).toBe(
    true,
  )
})
