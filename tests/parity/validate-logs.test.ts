import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FakeBucketServer, serveBuckets } from '@sluice/testkit/fake-bucket-server.ts'
import { pythonEnvironment } from '@sluice/testkit/python-environment.ts'
import { type TrailBench, arnOf, openTrailBench } from '@sluice/testkit/trail-bench.ts'

let bench: TrailBench
let server: FakeBucketServer
beforeAll(async () => {
  bench = openTrailBench()
  server = await serveBuckets(bench.gateway, bench.buckets)
  await bench.trail('audit', { EnableLogFileValidation: true, S3KeyPrefix: 'org' })
  await bench.later(0)
  for (let round = 0; round < 20; round += 1) {
    await bench.call('DescribeTrails')
    await bench.later(10)
  }
}, 30_000)
afterAll(async () => {
  await server.close()
  await bench.close()
})

/** `aws cloudtrail validate-logs` over the whole life of the trail, unchanged. */
async function validate(): Promise<{ readonly status: unknown; readonly said: string }> {
  const args = ['cloudtrail', 'validate-logs', '--verbose', '--trail-arn', arnOf('audit')]
  const times = ['--start-time', '2026-11-21T11:00:00Z', '--end-time', '2026-11-21T18:00:00Z']
  const child = spawn(pythonEnvironment().aws, [...args, ...times], {
    env: {
      ...process.env,
      AWS_ENDPOINT_URL: server.url,
      AWS_ACCESS_KEY_ID: bench.account,
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_DEFAULT_REGION: 'us-east-1',
    },
  })
  const [said, errors, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { status: status as unknown, said: `${said}${errors}` }
}

const logFile = (): string => bench.buckets.keys('.json.gz').find((path) => path.includes('/CloudTrail/')) ?? ''

test('the AWS CLI finds every digest and every file valid', async () => {
  const { status, said } = await validate()
  expect(said).toMatch(/3\/3 digest files valid/)
  expect(said).toMatch(/(\d+)\/\1 log files valid/)
  expect(status).toBe(0)
}, 120_000)

test('it finds a file in which one byte was changed', async () => {
  const { objects } = bench.buckets
  const object = objects.get(logFile())
  if (object === undefined) throw new Error('there is no log file')
  const bytes = gunzipSync(object.bytes)
  const middle = bytes.length >> 1
  bytes.writeUInt8(bytes.readUInt8(middle) ^ 1, middle)
  objects.set(logFile(), { ...object, bytes: gzipSync(bytes) })
  const { status, said } = await validate()
  objects.set(logFile(), object)
  expect(said).toContain('INVALID: hash value doesn')
  expect(status).toBe(1)
}, 120_000)

test('it finds a file that was removed', async () => {
  const path = logFile()
  const object = bench.buckets.objects.get(path)
  if (object === undefined) throw new Error('there is no log file')
  bench.buckets.objects.delete(path)
  const { status, said } = await validate()
  bench.buckets.objects.set(path, object)
  expect(said).toContain('INVALID: not found')
  expect(status).toBe(1)
}, 120_000)
