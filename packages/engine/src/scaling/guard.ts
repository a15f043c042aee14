import { spawn } from 'node:child_process'

/**
 * Runs a program for as long as this process's standard input stays open, which it does while whoever started it lives, however that
 * one ends; then has the program end in good order, or by force after a while. Its arguments: milliseconds for ending in good
 * order, the program, and the program's own arguments.
 */
const [endMsMax = '', program = '', ...args] = process.argv.slice(2)
const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] })
let ending = false

function end(): void {
  // Once only: asked twice, a program may take it as an order to stop at once.
  if (ending) return
  ending = true
  child.kill('SIGTERM')
  setTimeout(() => child.kill('SIGKILL'), Number(endMsMax))
}

process.stdin.on('end', end).on('error', end).resume()
process.on('SIGTERM', end)
process.on('SIGINT', end)
child.on('error', (error) => {
  console.error(error.message)
  process.exit(127)
})
child.on('exit', (code) => process.exit(code ?? 1))
