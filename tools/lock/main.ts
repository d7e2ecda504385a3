// `npm run lock`, after a dependency was added or removed: names every platform's optional packages in the lock file.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../run.ts'
import { type LockEntries, completed, missingOptionals } from './complete.ts'

const path = join(ROOT, 'package-lock.json')
const lock = JSON.parse(readFileSync(path, 'utf8')) as { packages: LockEntries }
const missing = missingOptionals(lock.packages)
writeFileSync(path, `${JSON.stringify({ ...lock, packages: completed(lock.packages) }, undefined, 2)}\n`)
process.stdout.write(
  missing.length === 0 ? 'The lock file is complete.\n' : `Added to the lock file: ${missing.join(', ')}\n`,
)
