import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { accountId, region } from '../../packages/server/src/kernel/ids.ts'
import { operationActions } from '../../packages/server/src/kernel/operation-actions.ts'
import { type S3Bench, openS3Bench } from '../../packages/testkit/src/s3-bench.ts'
import { exists, fits } from './asked.ts'

let bench: S3Bench
beforeAll(async () => {
  bench = await openS3Bench()
  await bench.client.send(new CreateBucketCommand({ Bucket: 'bucket' }))
  await bench.client.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'key', Body: 'x' }))
})
afterAll(() => bench.close())

/** What any operation may be given, of an object that is there. */
const INPUT = { Bucket: 'bucket', Key: 'key', CopySource: 'bucket/key', Delete: { Objects: [{ Key: 'key' }] } }
const ACCOUNT = accountId('111122223333')
const SCOPE = {
  account: ACCOUNT,
  region: region('us-east-1'),
  calledVia: [],
  principal: { kind: 'root', account: ACCOUNT, arn: 'arn:aws:iam::111122223333:root', accessKeyId: 'k' },
}

interface AnyAccess {
  readonly checks:
    | 'none'
    | ((input: object, scope: object) => Promise<readonly { readonly action: string; readonly resource: string }[]>)
}

/** What the reference names beside the operation's own action is asked only of requests that use it. */
const ASKED_WITH_A_HEADER =
  /^s3:(?:BypassGovernanceRetention|PutObject(?:Acl|Tagging|LegalHold|Retention)|.*Version.*)$/

test('every operation of S3 asks what the reference says, on resources of the right kind', async () => {
  const access = Object.entries(bench.service.access as Readonly<Record<string, AnyAccess>>)
  expect(access.length).toBeGreaterThan(60)
  for (const [operation, { checks }] of access) {
    // DeleteObjects asks for each key while it runs.
    if (checks === 'none') continue
    const asked = await checks(INPUT, SCOPE)
    const needs = (operationActions()['s3']?.[operation] ?? []).map(([action]) => action)
    expect([operation, asked.map(({ action }) => action)]).toEqual([
      operation,
      expect.arrayContaining(needs.filter((action) => !ASKED_WITH_A_HEADER.test(action))),
    ])
    const odd = asked.filter(
      ({ action, resource }) =>
        !exists(action) ||
        !(fits(action, resource) || (action === 's3:ListAllMyBuckets' && resource === 'arn:aws:s3:::*')),
    )
    expect(odd.map(({ action, resource }) => `${operation}: ${action} ${resource}`)).toEqual([])
  }
})
