import { writeSync } from 'node:fs'
import { openSqliteRecords } from '#stores/records/sqlite/index.ts'

/** Child of the crash test: commits pairs for ever and writes each pair's number to stdout once it is acknowledged. */
const [file = '', run = ''] = process.argv.slice(2)
const store = openSqliteRecords({ file })
const at = (id: string) => ({ collection: 'test.crash', account: '111122223333', region: 'us-east-1', id })
const ACKNOWLEDGED = 1

async function commitForEver(lane: number): Promise<never> {
  for (let n = 0; ; n++) {
    const id = `${run}/${String(lane)}/${String(n).padStart(8, '0')}`
    await store.commit([
      { kind: 'put', key: at(`${id}/left`), value: { id }, expect: 0 },
      { kind: 'put', key: at(`${id}/right`), value: { id }, expect: 0 },
    ])
    writeSync(ACKNOWLEDGED, `${id}\n`)
  }
}

await Promise.all([0, 1, 2, 3].map(commitForEver))
