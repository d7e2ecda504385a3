import { expect, test } from 'vitest'
import { type ApiCall, apiEvents } from '#audit/api-call.ts'
import { accountId, region } from '#kernel/ids.ts'
import type { AuditResource } from '#kernel/service.ts'
import { ACCOUNT, contextOf, roleSession } from '#services/iam/test-bench.ts'

const OWNER = accountId('444455556666')
const role = (account: string): AuditResource => ({ type: 'AWS::IAM::Role', name: `arn:aws:iam::${account}:role/r` })

const assume = (resources: readonly AuditResource[], changes: Partial<ApiCall> = {}): ApiCall => ({
  ctx: contextOf(roleSession),
  eventSource: 'sts.amazonaws.com',
  apiVersion: '2011-06-15',
  eventRegion: region('us-east-1'),
  operation: 'AssumeRole',
  readOnly: true,
  responseRecorded: true,
  requestParameters: { roleArn: 'r' },
  responseElements: { credentials: { accessKeyId: 'ASIANEW', secretAccessKey: 'hunter2-hunter2' } },
  fault: undefined,
  resources,
  secrets: ['secretAccessKey'],
  ...changes,
})
const recordsOf = (call: ApiCall): readonly Readonly<Record<string, unknown>>[] =>
  apiEvents(call).map(({ record }) => JSON.parse(record) as Readonly<Record<string, unknown>>)

test('a call that touches what another account owns is on record in both, under one shared id', () => {
  const [own, shared, ...others] = recordsOf(assume([role(OWNER)]))
  expect(others).toEqual([])
  expect(own).toMatchObject({ recipientAccountId: ACCOUNT, resources: [{ accountId: OWNER }] })
  expect(shared).toMatchObject({ recipientAccountId: OWNER, sharedEventID: own?.['sharedEventID'] })
  expect(shared?.['eventID']).not.toBe(own?.['eventID'])
  expect(own?.['sharedEventID']).toMatch(/^[\da-f-]{36}$/)
})

test('the owner is told which account it was, and finds nobody of it by name or key', () => {
  const [, shared] = apiEvents(assume([role(OWNER)]))
  expect(shared).toMatchObject({ account: OWNER, username: '', accessKeyId: '' })
  expect(JSON.parse(shared?.record ?? '{}')).toMatchObject({
    userIdentity: { type: 'AWSAccount', accountId: ACCOUNT, principalId: 'AROAEXAMPLEEXAMPLE234:ci' },
  })
  expect(shared?.record).not.toContain('assumed-role')
})

test('a call within one account, and one that failed, is one event without a shared id', () => {
  for (const call of [
    assume([role(ACCOUNT)]),
    assume([]),
    assume([{ type: 'AWS::S3::Object', name: 'arn:aws:s3:::b/k' }]),
    assume([role(OWNER)], { fault: { code: 'AccessDenied', status: 403, message: 'no' } }),
  ]) {
    const records = recordsOf(call)
    expect(records).toHaveLength(1)
    expect(records[0]).not.toHaveProperty('sharedEventID')
  }
})

test('the response of a read that makes a session is recorded, without its secrets', () => {
  const [own] = recordsOf(assume([]))
  expect(own).toMatchObject({
    readOnly: true,
    responseElements: { credentials: { accessKeyId: 'ASIANEW', secretAccessKey: '***' } },
  })
  expect(recordsOf(assume([], { responseRecorded: false }))[0]).toMatchObject({ responseElements: null })
})
