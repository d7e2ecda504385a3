// Regenerates what IAM knows of AWS: `node tools/actions/main.ts` writes the table of actions;
// `node tools/actions/main.ts policies <file>` the AWS-managed policies, from a JSON file of policies by name.
import { writeFileSync } from 'node:fs'
import { writeManagedPolicies } from './managed-policies.ts'
import { TABLE_FILE, printTable, tableFromPackages } from './table.ts'

const [mode = 'table', source] = process.argv.slice(2)
if (mode === 'table' && source === undefined) {
  writeFileSync(TABLE_FILE, printTable(tableFromPackages()))
  process.stdout.write(`The table of actions is in ${TABLE_FILE}.\n`)
} else if (mode === 'policies' && source !== undefined) {
  process.stdout.write(`${writeManagedPolicies(source)}\n`)
} else {
  process.stderr.write('usage: node tools/actions/main.ts [table | policies <file>]\n')
  process.exitCode = 2
}
