import { execFile } from 'node:child_process'
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { aptInstall } from './apt.ts'

/** What Maven calls a library or a program. */
export interface Artifact {
  group: string
  name: string
  version: string
}

const run = promisify(execFile)
const CACHE = join(import.meta.dirname, '../../.cache')
const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies'
/** Who fetches holds a lock; one older than this was left behind. */
const FETCH_MS_MAX = 10 * 60_000
const LOCK_POLL_MS = 500

/** The folder of these artifacts' jars, fetched or not. */
export function jarFolder(artifacts: readonly Artifact[]): string {
  return join(CACHE, artifacts.map(({ name, version }) => `${name}-${version}`).join('+'))
}

/**
 * Fetches the artifacts with all they need to run, once, from wherever Maven is set up to fetch from, and installs Maven where it
 * is missing. Answers their folder; null, with one line that says why, when that cannot be done, which it throws with
 * `REQUIRE_ALL=1`.
 */
export async function ensureJars(what: string, artifacts: readonly Artifact[]): Promise<string | null> {
  const folder = jarFolder(artifacts)
  if (await exists(folder)) return folder
  const problem = (await hasMaven()) ? null : await aptInstall('Maven', ['maven'])
  if (problem !== null) return none(problem)
  await mkdir(CACHE, { recursive: true })
  const lock = `${folder}.lock`
  while (!(await taken(lock))) {
    await wait(LOCK_POLL_MS)
    if (await exists(folder)) return folder
  }
  try {
    if (!(await exists(folder))) await fetchJars(what, artifacts, lock, folder)
    return folder
  } catch (error) {
    return none(`${what} could not be fetched with Maven: ${lastLine(error)}`)
  } finally {
    await rm(lock, { recursive: true, force: true })
  }
}

function none(problem: string): null {
  if (process.env['REQUIRE_ALL'] === '1') throw new Error(problem)
  console.log(problem)
  return null
}

/** Others may want the same at the same time: who makes the folder fetches. */
async function taken(lock: string): Promise<boolean> {
  const since = await stat(lock).catch(() => null)
  if (since !== null && Date.now() - since.mtimeMs > FETCH_MS_MAX) await rm(lock, { recursive: true, force: true })
  return mkdir(lock).then(
    () => true,
    () => false,
  )
}

async function fetchJars(what: string, artifacts: readonly Artifact[], work: string, folder: string): Promise<void> {
  console.log(`Fetching ${what} with Maven, once`)
  const pom = join(work, 'pom.xml')
  const jars = join(work, 'jars')
  await writeFile(pom, pomOf(artifacts))
  await run('mvn', ['-B', '-q', '-f', pom, COPY, `-DoutputDirectory=${jars}`, '-DincludeScope=runtime'], {
    timeout: FETCH_MS_MAX,
  })
  if ((await readdir(jars)).length === 0) throw new Error('Maven fetched nothing.')
  await rename(jars, folder)
}

function pomOf(artifacts: readonly Artifact[]): string {
  const dependencies = artifacts.map(
    ({ group, name, version }) =>
      `<dependency><groupId>${group}</groupId><artifactId>${name}</artifactId><version>${version}</version></dependency>`,
  )
  return `<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>plenary</groupId><artifactId>jars</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>${dependencies.join('')}</dependencies>
</project>
`
}

async function hasMaven(): Promise<boolean> {
  return run('mvn', ['--version']).then(
    () => true,
    () => false,
  )
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null
}

/** What Maven said went wrong, not that it went wrong. */
function lastLine(error: unknown): string {
  const said = error instanceof Error && 'stdout' in error ? String(error.stdout) : ''
  return (
    said.split('\n').find((line) => line.startsWith('[ERROR]')) ??
    (error instanceof Error ? error.message : String(error))
  )
}
