// Runs the scenarios, each against its floor in the same run, and prints ratios. `npm run bench -- put-log-events` runs one.
import { SCENARIOS } from './scenarios/index.ts'

const wanted = process.argv.slice(2)
const unknown = wanted.find((name) => SCENARIOS.every((scenario) => scenario.name !== name))
if (unknown !== undefined) {
  process.stderr.write(
    `there is no scenario ${unknown}; the scenarios are ${SCENARIOS.map(({ name }) => name).join(', ')}\n`,
  )
  process.exit(1)
}
for (const scenario of SCENARIOS.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  process.stdout.write(`\n${scenario.name}: ${scenario.what}\n`)
  for (const row of await scenario.run())
    process.stdout.write(`  ${row.what.padEnd(58)} ${row.value.padStart(12)}   ${row.goal ?? ''}\n`)
}
process.exit(0)
