import { expect, test } from 'vitest'
import type { ServiceId } from './request.ts'
import { serviceModel } from './service-model.ts'
import { writeOutput } from './write-output.ts'

const ID = 'r-1'
const write = (service: ServiceId, operation: string, output: object): ReturnType<typeof writeOutput> =>
  writeOutput({ service, operation, protocol: serviceModel(service).protocols[0] }, output, ID)

test('JSON answers by the names of the model, without undefined, null and unknown members', () => {
  const group = { logGroupName: 'g', creationTime: 5, retentionInDays: undefined, kmsKeyId: null, internalNumber: 7 }
  expect(write('logs', 'DescribeLogGroups', { logGroups: [group], revision: 3 })).toEqual({
    status: 200,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': ID },
    body: '{"logGroups":[{"creationTime":5,"logGroupName":"g"}]}',
  })
})

test('an operation without output answers with an empty body', () => {
  expect(write('logs', 'CreateLogGroup', {}).body).toBe('')
})

test('JSON timestamps are seconds with their milliseconds', () => {
  expect(write('cloudtrail', 'GetTrailStatus', { IsLogging: true, StartLoggingTime: 1_700_000_000_123 }).body).toBe(
    '{"IsLogging":true,"StartLoggingTime":1700000000.123}',
  )
})

test('REST answers with wire names, ISO timestamps and the status of the model', () => {
  expect(write('mq', 'CreateConfiguration', { Id: 'c-1', Created: Date.UTC(2026, 10, 21, 10, 0, 0, 5) })).toEqual({
    status: 200,
    headers: { 'content-type': 'application/json', 'x-amzn-requestid': ID },
    body: '{"created":"2026-11-21T10:00:00.005Z","id":"c-1"}',
  })
  expect(write('mq', 'RebootBroker', {}).body).toBe('{}')
  expect(write('mq', 'CreateTags', {})).toMatchObject({ status: 204, body: '' })
})

test('Query wraps its result, lists and maps as XML', () => {
  const xmlns = 'xmlns="https://iam.amazonaws.com/doc/2010-05-08/"'
  const metadata = '<ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata>'
  expect(write('iam', 'ListUserTags', { Tags: [{ Key: 'a', Value: '<&>"' }], IsTruncated: false })).toEqual({
    status: 200,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': ID },
    body: `<ListUserTagsResponse ${xmlns}><ListUserTagsResult><IsTruncated>false</IsTruncated><Tags><member><Key>a</Key><Value>&lt;&amp;&gt;&quot;</Value></member></Tags></ListUserTagsResult>${metadata}</ListUserTagsResponse>`,
  })
  expect(write('iam', 'GetAccountSummary', { SummaryMap: { Users: 3 } }).body).toContain(
    '<SummaryMap><entry><key>Users</key><value>3</value></entry></SummaryMap>',
  )
  expect(write('iam', 'ListUserTags', { Tags: [] }).body).toContain('<Tags/>')
  expect(write('iam', 'DeleteUser', {}).body).toBe(`<DeleteUserResponse ${xmlns}>${metadata}</DeleteUserResponse>`)
})

test('a map with the key __proto__ is written as a map', () => {
  const tags = JSON.parse('{"__proto__":"x","a":"b"}') as object
  expect(write('logs', 'ListTagsForResource', { tags }).body).toBe('{"tags":{"__proto__":"x","a":"b"}}')
})
