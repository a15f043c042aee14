import { main } from '../test/sim/cli/main.ts'

process.exitCode = await main(process.argv.slice(2))
