// Regenerates packages/wire's models and types: `node tools/models/main.ts` writes, `node tools/models/main.ts check` compares.
import { checkModels, writeModels } from './update.ts'

const [mode = 'write', ...rest] = process.argv.slice(2)
if ((mode !== 'write' && mode !== 'check') || rest.length > 0) {
  process.stderr.write('usage: node tools/models/main.ts [write|check]\n')
  process.exit(2)
}
try {
  const differences = mode === 'write' ? [] : checkModels()
  if (mode === 'write') process.stdout.write(`${writeModels()}\n`)
  for (const difference of differences) process.stderr.write(`${difference}\n`)
  if (differences.length > 0) process.exitCode = 1
  else if (mode === 'check') process.stdout.write('The generated files are as their models make them.\n')
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
