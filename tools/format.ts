import { runTool } from './run.ts'

process.exitCode = await runTool('oxfmt', process.argv.slice(2).length === 0 ? ['.'] : process.argv.slice(2))
