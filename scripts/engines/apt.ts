import { installFromDebian, thisMachine } from '../debian.ts'

/** As `installFromDebian`; with `REQUIRE_ALL=1` it throws the line instead. */
export async function aptInstall(what: string, packages: readonly string[]): Promise<string | null> {
  const problem = await installFromDebian(thisMachine, what, packages)
  if (problem !== null && process.env['REQUIRE_ALL'] === '1') throw new Error(problem)
  return problem
}

/** What `find` finds, installed from Debian where missing; null, with one line that says why, when that cannot be done. */
export async function findOrInstall<T>(
  what: string,
  packages: readonly string[],
  find: () => Promise<T | null>,
): Promise<T | null> {
  const there = await find()
  if (there !== null) return there
  const problem = await aptInstall(what, packages)
  const installed = problem === null ? await find() : null
  if (installed === null) console.log(problem ?? `${what} was installed and cannot be started`)
  return installed
}
