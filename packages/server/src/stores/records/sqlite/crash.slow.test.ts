import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openSqliteRecords } from '#stores/records/sqlite/index.ts'

const WRITER = join(import.meta.dirname, 'crash-writer.ts')
const ROUNDS = Number(process.env['SOAK_ROUNDS'] ?? 3)
const SECONDS_A_ROUND = 20

/** Lets a writer commit for a while, kills it without warning, and returns the pairs it had acknowledged. */
async function writeUntilKilled(file: string, run: number): Promise<readonly string[]> {
  const writer = spawn(process.execPath, [WRITER, file, `run-${String(run)}`], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(writer, 'exit')
  let output = ''
  writer.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  const drained = once(writer.stdout, 'end')
  await Promise.race([once(writer.stdout, 'data'), exited])
  await delay(50 + Math.random() * 400)
  writer.kill('SIGKILL')
  await Promise.all([exited, drained])
  return output.split('\n').slice(0, -1)
}

test(
  'kill -9 loses no acknowledged commit and leaves none half-done',
  async () => {
    const directory = mkdtempSync(join(tmpdir(), 'records-crash-'))
    const file = join(directory, 'records.db')
    try {
      const acknowledged: string[] = []
      for (let run = 0; run < ROUNDS; run++) {
        acknowledged.push(...(await writeUntilKilled(file, run)))
        const store = openSqliteRecords({ file })
        const found = new Set((await store.listAll('test.crash')).map((record) => record.key.id))
        await store.close()
        expect(acknowledged.length).toBeGreaterThan(run)
        expect(acknowledged.filter((id) => !found.has(`${id}/left`) || !found.has(`${id}/right`))).toEqual([])
        const halves = [...found].filter(
          (id) => !found.has(id.endsWith('/left') ? id.replace(/left$/, 'right') : id.replace(/right$/, 'left')),
        )
        expect(halves).toEqual([])
      }
    } finally {
      rmSync(directory, { recursive: true, force: true })
    }
  },
  ROUNDS * SECONDS_A_ROUND * 1_000,
)
