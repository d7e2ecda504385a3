import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { identify, readInput, readSignature, verifySignature } from '../index.ts'
import type { Identified } from '../request.ts'

/** Requests as boto3 1.43 and the AWS CLI 1.46 put them on the line, without headers that are not signed. */
interface Recorded {
  readonly name: string
  readonly method: string
  readonly rawUrl: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}
const recorded = JSON.parse(
  readFileSync(new URL('recorded-requests.json', import.meta.url), 'utf8'),
) as readonly Recorded[]
const SECRET = 'recorded/secret+key'
const RECORDED = Date.UTC(2026, 10, 21, 11, 6, 24)
const ARN = 'arn:aws:mq:eu-central-1:123456789012:broker:orders:b-1'

const expected: Readonly<Record<string, readonly [operation: string, input: object]>> = {
  'boto3 PutLogEvents': [
    'PutLogEvents',
    {
      logGroupName: '/aws/amazonmq/broker/b-1/general',
      logStreamName: 'b-1-1.log',
      logEvents: [{ timestamp: 1_700_000_000_000, message: 'grüße "x"\n\tat y' }],
    },
  ],
  'boto3 CreateTags with an ARN in the path': ['CreateTags', { ResourceArn: ARN, Tags: { 'a b': 'c/d' } }],
  'boto3 DeleteTags with repeated query parameters': [
    'DeleteTags',
    { ResourceArn: ARN, TagKeys: ['a b', 'c&d=e', 'é', 'A'] },
  ],
  'boto3 ListBrokers': ['ListBrokers', { MaxResults: 5, NextToken: 'a+b/c==' }],
  'boto3 CreateRole': [
    'CreateRole',
    { RoleName: 'r', AssumeRolePolicyDocument: '{"Version": "2012-10-17"}', Tags: [{ Key: 'k', Value: 'ä +=' }] },
  ],
  'boto3 GetCallerIdentity with a session token': ['GetCallerIdentity', {}],
  'boto3 LookupEvents': [
    'LookupEvents',
    {
      StartTime: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
      LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'CreateBroker' }],
    },
  ],
  'boto3 presigned GetCallerIdentity': ['GetCallerIdentity', {}],
  'AWS CLI v1 describe-log-groups': ['DescribeLogGroups', { logGroupNamePrefix: '/aws/a_b' }],
  'AWS CLI v1 create-user in mq': ['CreateUser', { BrokerId: 'b-1', Username: 'ann~x', Password: 'secret123456' }],
  'AWS CLI v1 get-user': ['GetUser', { UserName: 'a@b' }],
}

function operationIn(request: Recorded): Identified {
  const identification = identify(request, Buffer.from(request.body))
  if (identification.kind === 'unknown') throw new Error(identification.fault.message)
  return identification.operation
}

test('every recorded request is expected', () => {
  expect(recorded.map(({ name }) => name).toSorted()).toEqual(Object.keys(expected).toSorted())
})

test.each(recorded)('$name: identified, its signature verified, its input read', (request) => {
  const body = Buffer.from(request.body)
  const operation = operationIn(request)
  const claim = readSignature(request, operation)
  expect(claim).toMatchObject({ accessKeyId: 'AKIARECORDED', region: 'eu-central-1' })
  expect(() => verifySignature(claim, request, body, SECRET, RECORDED + 1_000, operation)).not.toThrow()
  const [name, input] = expected[request.name] ?? []
  expect(operation.operation).toBe(name)
  expect(readInput(operation, request, body)).toEqual(input)
})

test.each(recorded)('$name: refused with another secret, another body, another path', (request) => {
  const body = Buffer.from(request.body)
  const operation = operationIn(request)
  const claim = readSignature(request, operation)
  const code = operation.protocol === 'aws-query' ? 'SignatureDoesNotMatch' : 'InvalidSignatureException'
  const refused = expect.objectContaining({ code })
  const at = RECORDED
  expect(() => verifySignature(claim, request, body, `${SECRET}x`, at, operation)).toThrow(refused)
  expect(() => verifySignature(claim, request, Buffer.concat([body, Buffer.from(' ')]), SECRET, at, operation)).toThrow(
    refused,
  )
  expect(() =>
    verifySignature(claim, { ...request, rawUrl: request.rawUrl.replace('/', '/x') }, body, SECRET, at, operation),
  ).toThrow(refused)
})

test('a session token in the request is part of the claim', () => {
  const request = recorded.find(({ name }) => name === 'boto3 GetCallerIdentity with a session token')
  if (request === undefined) throw new Error('the recording is missing')
  expect(readSignature(request, operationIn(request)).sessionToken).toBe('tok/en+==')
})
