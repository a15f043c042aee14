import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { ROOT } from '../plant-loader.ts'

/** The commit that is checked out, with a `+` behind it where files differ from it; `unknown` outside of a repository. */
export function commitNow(): string {
  const git = (...args: string[]) =>
    execFileSync('git', args, {
      cwd: fileURLToPath(ROOT),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  try {
    return git('rev-parse', '--short=12', 'HEAD') + (git('status', '--porcelain') === '' ? '' : '+')
  } catch {
    return 'unknown'
  }
}
