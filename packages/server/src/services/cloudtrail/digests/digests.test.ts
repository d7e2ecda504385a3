import { gunzipSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ListedKey, digestFaults } from '../../../../../testkit/src/digest-validation.ts'
import { BUCKET, type TrailBench, openTrailBench } from '../../../../../testkit/src/trail-bench.ts'

let bench: TrailBench
beforeEach(async () => {
  bench = openTrailBench()
  await bench.trail('audit', { EnableLogFileValidation: true, IsMultiRegionTrail: true })
  await bench.later(0)
})
afterEach(() => bench.close())

const digests = (region = 'us-east-1'): readonly string[] =>
  bench.buckets.keys('.json.gz').filter((path) => path.includes(`/CloudTrail-Digest/${region}/`))
const logFiles = (): readonly string[] => bench.buckets.keys('.json.gz').filter((path) => !path.includes('Digest'))
const digestOf = (path = ''): Readonly<Record<string, unknown>> =>
  JSON.parse(bench.buckets.text(path)) as Readonly<Record<string, unknown>>
const keys = async (more: object = {}): Promise<readonly ListedKey[]> =>
  ((await bench.call('ListPublicKeys', more)) as { readonly PublicKeyList: readonly ListedKey[] }).PublicKeyList
const faults = async (): Promise<readonly string[]> => digestFaults(bench.buckets, await keys(), digests().at(-1) ?? '')
/** So many hours, in the rounds in which they pass on a running platform. */
const hours = async (count: number): Promise<void> => {
  for (let round = 0; round < count * 6; round += 1) await bench.later(10)
}

test('a digest comes every hour, named after its end, and lists the files of that hour', async () => {
  await hours(1)
  const [path = ''] = digests()
  expect(digests()).toEqual([
    `${BUCKET}/AWSLogs/111122223333/CloudTrail-Digest/us-east-1/2026/11/21/111122223333_CloudTrail-Digest_us-east-1_audit_us-east-1_20261121T121640Z.json.gz`,
  ])
  expect(digestOf(path)).toMatchObject({
    awsAccountId: '111122223333',
    digestStartTime: '2026-11-21T11:16:40Z',
    digestEndTime: '2026-11-21T12:16:40Z',
    digestS3Bucket: BUCKET,
    digestS3Object: path.slice(BUCKET.length + 1),
    digestSignatureAlgorithm: 'SHA256withRSA',
    previousDigestS3Bucket: null,
    previousDigestSignature: null,
    newestEventTime: '2026-11-21T11:16:40Z',
    logFiles: [{ s3Bucket: BUCKET, hashAlgorithm: 'SHA-256', oldestEventTime: '2026-11-21T11:16:40Z' }],
  })
  expect(bench.buckets.objects.get(path)?.input.Metadata).toMatchObject({ 'signature-algorithm': 'SHA256withRSA' })
  expect(await faults()).toEqual([])
})

test('an hour without events has a digest without files, and every digest names the one before', async () => {
  await hours(3)
  expect(digests()).toHaveLength(3)
  const [first, , last] = digests()
  expect(digestOf(last)).toMatchObject({ logFiles: [], newestEventTime: null, oldestEventTime: null })
  expect(`${BUCKET}/${String(digestOf(digests()[1])['previousDigestS3Object'])}`).toBe(first)
  expect(await faults()).toEqual([])
})

test('another region has digests of its own, from its first file on', async () => {
  await hours(1)
  await bench.call('DescribeTrails', {}, { region: 'eu-west-1' })
  await hours(2)
  expect(digests('eu-west-1').length).toBeGreaterThan(0)
  const listed = digests('eu-west-1').flatMap((path) => digestOf(path)['logFiles'] as { s3Object: string }[])
  expect(listed.map(({ s3Object }) => s3Object.includes('/CloudTrail/eu-west-1/'))).toEqual([true])
})

test('one changed bit of a file, a removed file, a removed and a changed digest are all found', async () => {
  await hours(3)
  const { objects } = bench.buckets
  const [file = ''] = logFiles()
  const [, digest = ''] = digests()
  const put = (path: string, change: (text: string) => string): (() => void) => {
    const object = objects.get(path)
    if (object === undefined) throw new Error(`there is no ${path}`)
    objects.set(path, { ...object, bytes: gzipSync(change(gunzipSync(object.bytes).toString())) })
    return () => objects.set(path, object)
  }
  const taken = (path: string): (() => void) => {
    const object = objects.get(path)
    objects.delete(path)
    return () => object && objects.set(path, object)
  }
  for (const [wrong, want] of [
    [() => put(file, (text) => text.replace('StartLogging', 'StopLogging')), `${file} was changed`],
    [() => taken(file), `${file} is missing`],
    [() => taken(digest), `${digest} is missing`],
    [() => put(digest, (text) => text.replace('"logFiles":[]', '"logFiles": []')), `${digest} is not signed`],
  ] as const) {
    const mend = wrong()
    expect(await faults()).toContain(want)
    mend()
    expect(await faults()).toEqual([])
  }
})

test('the last hour is signed when logging stops, and a new start begins a new chain', async () => {
  await hours(1)
  await bench.call('StopLogging', { Name: 'audit' })
  await bench.later(10)
  expect(digests()).toHaveLength(2)
  await hours(2)
  expect(digests()).toHaveLength(2)
  expect(await faults()).toEqual([])
  const listed = digests().flatMap((path) =>
    (digestOf(path)['logFiles'] as { s3Object: string }[]).map((f) => f.s3Object),
  )
  expect(listed.toSorted()).toEqual(
    logFiles()
      .map((path) => path.slice(BUCKET.length + 1))
      .toSorted(),
  )
  await bench.call('StartLogging', { Name: 'audit' })
  await hours(2)
  expect(digestOf(digests()[2])['previousDigestS3Object']).toBeNull()
})

test('switching validation off, or deleting the trail, ends the chain with a digest', async () => {
  await bench.later(10)
  await bench.call('UpdateTrail', { Name: 'audit', EnableLogFileValidation: false })
  await bench.later(10)
  expect(digests()).toHaveLength(1)
  await bench.call('UpdateTrail', { Name: 'audit', EnableLogFileValidation: true })
  await bench.later(10)
  await bench.call('DeleteTrail', { Name: 'audit' })
  await bench.later(10)
  expect(digests()).toHaveLength(2)
  expect(digestOf(digests()[1])['logFiles']).not.toEqual([])
})

test('a crash after a digest was written writes the same one again', async () => {
  await hours(1)
  bench.buckets.fault = (path) => (path.includes('Digest') ? 'after' : undefined)
  bench.gateway.iam.clock.at += 60 * 60_000
  await bench.courier().run()
  const before = bench.buckets.text(digests()[1] ?? '')
  expect(await bench.call('GetTrailStatus', { Name: 'audit' })).toMatchObject({
    LatestDigestDeliveryError: 'InternalError',
  })
  bench.buckets.fault = undefined
  await bench.courier().run()
  expect(bench.buckets.text(digests()[1] ?? '')).toBe(before)
  expect(await faults()).toEqual([])
})

test('hours without the platform have their digests as well, in bounds', async () => {
  await hours(1)
  bench.gateway.iam.clock.at += 5 * 60 * 60_000
  await bench.courier().run()
  expect(digests()).toHaveLength(6)
  bench.gateway.iam.clock.at += 1_000 * 60 * 60_000
  await bench.courier().run()
  expect(digests().length).toBeLessThanOrEqual(6 + 48)
  expect(digestFaults(bench.buckets, await keys({ StartTime: 0 }), digests().at(-1) ?? '')).toEqual([])
})

test('keys are answered for the time in which they sign, and their secrets are in no file', async () => {
  const now = Math.floor(bench.gateway.iam.clock.at / 1_000)
  await hours(1)
  const [key] = await keys()
  expect(key).toMatchObject({ Fingerprint: expect.stringMatching(/^[\da-f]{32}$/) as string })
  expect(await keys({ StartTime: now - 10_000, EndTime: now + 10_000 })).toHaveLength(1)
  expect(await keys({ StartTime: now - 10_000, EndTime: now - 5_000 })).toEqual([])
  expect(await bench.refusal('ListPublicKeys', { StartTime: 2_000, EndTime: 1_000 })).toContain(
    'InvalidTimeRangeException',
  )
  bench.gateway.iam.clock.at += 91 * 24 * 60 * 60_000
  await bench.courier().run()
  expect(await keys({ StartTime: now - 10_000 })).toHaveLength(2)
  expect(bench.gateway.iam.written()).not.toContain('PRIVATE KEY')
})
