// Regenerates what is known of AWS's permissions: `node tools/actions/main.ts` writes the table of actions, and from it and
// the models which actions each operation needs;
// `node tools/actions/main.ts policies <file>` the AWS-managed policies, from a JSON file of policies by name.
import { writeFileSync } from 'node:fs'
import { writeManagedPolicies } from './managed-policies.ts'
import { ACTION_RESOURCES_FILE, printActionResources } from './action-resources.ts'
import { OPERATIONS_FILE, modelledOperations, operationTable, printOperations } from './operations.ts'
import { TABLE_FILE, printTable, tableFromPackages } from './table.ts'

const [mode = 'table', source] = process.argv.slice(2)
if (mode === 'table' && source === undefined) {
  const table = tableFromPackages()
  writeFileSync(TABLE_FILE, printTable(table))
  writeFileSync(OPERATIONS_FILE, printOperations(operationTable(modelledOperations(), table)))
  writeFileSync(ACTION_RESOURCES_FILE, printActionResources(table))
  process.stdout.write(`The tables are in\n${[TABLE_FILE, OPERATIONS_FILE, ACTION_RESOURCES_FILE].join('\n')}\n`)
} else if (mode === 'policies' && source !== undefined) {
  process.stdout.write(`${writeManagedPolicies(source)}\n`)
} else {
  process.stderr.write('usage: node tools/actions/main.ts [table | policies <file>]\n')
  process.exitCode = 2
}
