import { readFileSync } from 'node:fs'

/**
 * For `node --import`: the wall clock of one process is off by as many milliseconds as a file says, also when that changes. What is
 * steady stays so, as on a machine whose time is set while it runs.
 */
export const CLOCK_FILE = 'FAULTS_CLOCK_FILE'

const LOOK_MS = 50
const file = process.env[CLOCK_FILE]
const RealDate = Date
let offsetMs = 0

function look(from: string): void {
  try {
    offsetMs = Number(readFileSync(from, 'utf8'))
  } catch {
    // As long as there is no file, nothing is wrong with the clock.
  }
}

if (file !== undefined) {
  const now = () => RealDate.now() + offsetMs
  look(file)
  setInterval(() => look(file), LOOK_MS).unref()
  globalThis.Date = new Proxy(RealDate, {
    apply: () => new RealDate(now()).toString(),
    construct: (target, given: unknown[], asked) =>
      Reflect.construct(target, given.length === 0 ? [now()] : given, asked) as Date,
    get: (target, name, receiver) => (name === 'now' ? now : (Reflect.get(target, name, receiver) as unknown)),
  })
}
