import { delimiter, join } from 'node:path'
import { installFromDebian, lastLine } from '../debian.ts'
import type { Machine } from '../debian.ts'

/** What the browser tests run on, as Debian calls it, with the fonts that the screenshots are taken in. */
const PACKAGES = ['chromium', 'fonts-noto-core', 'fonts-noto-color-emoji']
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
/** A browser that was started once, or why there is none. */
export type Chromium = { path: string; version: string } | { missing: string }

/** Finds Chromium, and installs it from Debian where it can. */
export async function provideChromium(machine: Machine): Promise<Chromium> {
  const there = await findChromium(machine)
  if (there !== null) return there
  if (machine.env['CHROMIUM'] !== undefined) return { missing: `CHROMIUM=${machine.env['CHROMIUM']} cannot be started` }
  const problem = await installFromDebian(machine, 'Chromium', PACKAGES)
  if (problem !== null) return { missing: problem }
  return (await findChromium(machine)) ?? { missing: 'Chromium was installed and cannot be started' }
}

async function findChromium({ env, run }: Machine): Promise<Chromium | null> {
  const folders = [...(env['PATH'] ?? '').split(delimiter), '/usr/bin'].filter((folder) => folder !== '')
  const paths =
    env['CHROMIUM'] === undefined
      ? folders.flatMap((folder) => NAMES.map((name) => join(folder, name)))
      : [env['CHROMIUM']]
  for (const path of new Set(paths)) {
    const { code, output } = await run(path, ['--version'])
    if (code === 0) return { path, version: lastLine(output) }
  }
  return null
}
