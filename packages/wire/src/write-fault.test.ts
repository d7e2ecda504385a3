import { describe, expect, test } from 'vitest'
import { accessDeniedFault, expiredTokenFault, unknownKeyFault } from './auth-faults.ts'
import type { FaultTarget, ServiceId } from './request.ts'
import { fuzzClient } from './fuzz/clients.ts'
import { writeFault } from './write-fault.ts'

const logs: FaultTarget = { protocol: 'aws-json-1.1', service: 'logs' }
const mq: FaultTarget = { protocol: 'rest-json-1', service: 'mq' }
const iam: FaultTarget = { protocol: 'aws-query', service: 'iam' }

test('JSON: type, message and modelled members; nothing else', () => {
  const fault = {
    code: 'DataAlreadyAcceptedException',
    status: 400,
    message: 'seen',
    members: { expectedSequenceToken: 't', cause: 'internal' },
  }
  expect(writeFault(logs, fault, 'r')).toEqual({
    status: 400,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': 'r' },
    body: '{"__type":"DataAlreadyAcceptedException","message":"seen","expectedSequenceToken":"t"}',
  })
})

test('REST: the type in a header, members by wire name', () => {
  const fault = {
    code: 'NotFoundException',
    status: 404,
    message: "Can't find it.",
    members: { ErrorAttribute: 'broker-id', Message: 'other' },
  }
  expect(writeFault(mq, fault, 'r')).toEqual({
    status: 404,
    headers: { 'content-type': 'application/json', 'x-amzn-requestid': 'r', 'x-amzn-errortype': 'NotFoundException' },
    body: '{"message":"Can\'t find it.","errorAttribute":"broker-id"}',
  })
})

test('Query: the code of the model for the name of the shape, sender and receiver by status', () => {
  const fault = { code: 'NoSuchEntityException', status: 404, message: 'a < b\u0000' }
  expect(writeFault(iam, fault, 'r').body).toBe(
    '<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>a &lt; b\ufffd</Message></Error><RequestId>r</RequestId></ErrorResponse>',
  )
  expect(writeFault(iam, { ...fault, code: 'NoSuchEntity' }, 'r').body).toContain('<Code>NoSuchEntity</Code>')
  expect(writeFault(iam, { code: 'ServiceFailure', status: 500, message: '' }, 'r').body).toContain(
    '<Type>Receiver</Type>',
  )
})

test('a fault of no service at all is written too', () => {
  expect(
    writeFault({ protocol: 'aws-query' }, { code: 'InvalidAction', status: 400, message: 'm' }, 'r').body,
  ).toContain('<ErrorResponse><Error>')
  expect(
    writeFault({ protocol: 'aws-json-1.1' }, { code: 'X', status: 404, message: 'm', members: { a: 1 } }, 'r').body,
  ).toBe('{"__type":"X","message":"m"}')
})

test('a code can not break out of its header', () => {
  expect(
    writeFault(mq, { code: 'A\r\nSet-Cookie: x', status: 400, message: '' }, 'r').headers['x-amzn-errortype'],
  ).toBe('ASet-Cookie:x')
})

test.each([
  {
    target: logs,
    denied: ['AccessDeniedException', 400],
    key: ['UnrecognizedClientException', 400],
    expired: ['ExpiredTokenException', 400],
  },
  {
    target: mq,
    denied: ['AccessDeniedException', 403],
    key: ['UnrecognizedClientException', 403],
    expired: ['ExpiredTokenException', 403],
  },
  { target: iam, denied: ['AccessDenied', 403], key: ['InvalidClientTokenId', 403], expired: ['ExpiredToken', 403] },
])('refusals of $target.protocol have the codes AWS gives them', ({ target, denied, key, expired }) => {
  const codeOf = ({ code, status }: { readonly code: string; readonly status: number }): unknown[] => [code, status]
  expect(codeOf(accessDeniedFault(target, 'no'))).toEqual(denied)
  expect(codeOf(unknownKeyFault(target))).toEqual(key)
  expect(codeOf(expiredTokenFault(target))).toEqual(expired)
  expect(unknownKeyFault(target).message).toBe('The security token included in the request is invalid.')
})

describe('the official client understands', () => {
  const cases: readonly {
    readonly service: ServiceId
    readonly target: FaultTarget
    readonly operation: string
    readonly input: object
    readonly code: string
    readonly name: string
  }[] = [
    {
      service: 'logs',
      target: logs,
      operation: 'DescribeLogGroups',
      input: {},
      code: 'ResourceNotFoundException',
      name: 'ResourceNotFoundException',
    },
    {
      service: 'mq',
      target: mq,
      operation: 'DescribeBroker',
      input: { BrokerId: 'b' },
      code: 'NotFoundException',
      name: 'NotFoundException',
    },
    {
      service: 'iam',
      target: iam,
      operation: 'GetUser',
      input: {},
      code: 'NoSuchEntity',
      name: 'NoSuchEntityException',
    },
    {
      service: 'sts',
      target: { protocol: 'aws-query', service: 'sts' },
      operation: 'GetCallerIdentity',
      input: {},
      code: 'SignatureDoesNotMatch',
      name: 'SignatureDoesNotMatch',
    },
    {
      service: 'logs',
      target: logs,
      operation: 'DescribeLogGroups',
      input: {},
      code: 'NotImplemented',
      name: 'NotImplemented',
    },
  ]
  test.each(cases)('$code of $service', async ({ service, target, operation, input, code, name }) => {
    const client = fuzzClient(service, target.protocol)
    const answered = client.send(operation, input, () =>
      Promise.resolve(writeFault(target, { code, status: 400, message: 'What & why\u0001' }, 'r-9')),
    )
    const message = target.protocol === 'aws-query' ? 'What & why\ufffd' : 'What & why\u0001'
    await expect(answered).rejects.toMatchObject({
      name,
      message,
      $metadata: { requestId: 'r-9', httpStatusCode: 400 },
    })
    client.destroy()
  })

  test('the attribute of an MQ error', async () => {
    const client = fuzzClient('mq', 'rest-json-1')
    const fault = { code: 'BadRequestException', status: 400, message: 'm', members: { ErrorAttribute: 'brokerName' } }
    await expect(
      client.send('ListBrokers', {}, () => Promise.resolve(writeFault(mq, fault, 'r'))),
    ).rejects.toMatchObject({
      name: 'BadRequestException',
      ErrorAttribute: 'brokerName',
    })
    client.destroy()
  })
})
