import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { accountId, region } from '#kernel/ids.ts'
import { silentTelemetry } from '#kernel/telemetry.ts'
import { Buckets } from '#services/s3/buckets/buckets.ts'
import { bucketGate } from '#services/s3/buckets/bucket-gate.ts'
import { send } from '#services/s3/bodies/send.ts'
import { Catalog } from '#services/s3/catalog/catalog.ts'
import { openGarbage } from '#services/s3/catalog/garbage.ts'
import { listCurrent } from '#services/s3/listing/objects.ts'
import { filesBelow } from '../../../../testkit/src/stored-bytes.ts'
import { BLOBS } from '#stores/objects/blob-record.ts'
import type { Blob } from '#stores/objects/object-store.ts'
import { openDiskObjects } from '#stores/objects/disk/index.ts'
import { openSqliteRecords } from '#stores/records/sqlite/index.ts'

const WRITER = join(import.meta.dirname, 'crash-writer.ts')
const ROUNDS = Number(process.env['SOAK_ROUNDS'] ?? 3)
const SECONDS_A_ROUND = 40
const DATA_KEY = Buffer.alloc(32, 9)

/** Opens what a killed writer left, as the platform does. */
async function reopen(directory: string) {
  const records = openSqliteRecords({ file: join(directory, 'records.db') })
  const objects = await openDiskObjects({ directory: join(directory, 'objects'), records })
  const buckets = new Buckets(records)
  const garbage = openGarbage({ records, objects, telemetry: silentTelemetry })
  await garbage.recover()
  return { records, objects, buckets, catalog: new Catalog({ records, buckets, gate: bucketGate(), garbage }) }
}

async function writeUntilKilled(directory: string, run: number): Promise<readonly string[]> {
  const writer = spawn(process.execPath, [WRITER, directory, String(run)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(writer, 'exit')
  let output = ''
  writer.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  const drained = once(writer.stdout, 'end')
  await Promise.race([once(writer.stdout, 'data'), exited])
  await delay(200 + Math.random() * 800)
  writer.kill('SIGKILL')
  await Promise.all([exited, drained])
  return output.split('\n').slice(0, -1)
}

const idsOf = (blobs: readonly Blob[]): readonly string[] => blobs.map(({ id }) => id).toSorted()

test(
  'kill -9 loses no acknowledged object, shows none half, and leaves no bytes that belong to nobody',
  async () => {
    const directory = mkdtempSync(join(tmpdir(), 's3-crash-'))
    try {
      const first = await reopen(directory)
      await first.buckets.create({
        name: 'crash',
        id: 'crash-bucket',
        owner: accountId('111122223333'),
        region: region('us-east-1'),
        created: 0,
        encryption: { algorithm: 'AES256' },
      })
      await first.records.close()
      const acknowledged = new Map<string, string>()
      const begun = new Map<string, Set<string>>()
      for (let run = 0; run < ROUNDS; run += 1) {
        for (const line of await writeUntilKilled(directory, run)) {
          const [step = '', key = '', hash = ''] = line.split(' ')
          // An object that was begun may be there although nobody was told; one that was acknowledged must be, unless a later one is.
          if (step === 'begin') begun.set(key, (begun.get(key) ?? new Set()).add(hash))
          else {
            acknowledged.set(key, hash)
            begun.set(key, new Set())
          }
        }
        expect(acknowledged.size).toBeGreaterThan(0)
        const { records, objects, buckets, catalog } = await reopen(directory)
        const bucket = await buckets.require('crash')
        const page = await listCurrent(records, { bucketId: bucket.id, prefix: '', delimiter: '', most: 1_000 })
        const blobs: Blob[] = []
        const found = new Map<string, string>()
        for (const object of page.entries) {
          const hash = createHash('sha256')
          const parts = await catalog.parts(bucket, object)
          const bytes = await send(objects, objects.begin(), DATA_KEY, parts, { from: 0, to: object.size })
          for await (const part of bytes) hash.update(part)
          found.set(object.key, hash.digest('hex'))
          blobs.push(...parts.map(({ blob }) => blob))
        }
        for (const [key, hash] of acknowledged) {
          const there = found.get(key) ?? 'nothing'
          expect([hash, ...(begun.get(key) ?? [])]).toContain(there)
          // What was found is what the next round begins with.
          acknowledged.set(key, there)
          begun.set(key, new Set())
        }
        const inFiles = blobs.filter(({ held }) => held === undefined)
        expect(
          filesBelow(join(directory, 'objects'))
            .map((file) => basename(file))
            .toSorted(),
        ).toEqual(idsOf(inFiles))
        const kept = await records.listAll(BLOBS)
        expect(kept.map(({ key }) => key.id).toSorted()).toEqual(idsOf(blobs))
        await records.close()
      }
    } finally {
      rmSync(directory, { recursive: true, force: true })
    }
  },
  ROUNDS * SECONDS_A_ROUND * 1_000,
)
