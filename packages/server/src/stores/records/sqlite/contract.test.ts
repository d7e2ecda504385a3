import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqliteRecords } from '#stores/records/sqlite/index.ts'
import { recordStoreContract } from '../../../../../testkit/src/record-store-contract.ts'

recordStoreContract('sqlite', () => {
  const directory = mkdtempSync(join(tmpdir(), 'records-'))
  return {
    open: () => openSqliteRecords({ file: join(directory, 'records.db') }),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  }
})
