import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { WireError } from '../fault.ts'
import type { FaultTarget, RequestHead } from '../request.ts'
import { readSignature } from './claim.ts'

const logs: FaultTarget = { protocol: 'aws-json-1.1', service: 'logs' }
const mq: FaultTarget = { protocol: 'rest-json-1', service: 'mq' }
const iam: FaultTarget = { protocol: 'aws-query', service: 'iam' }
const SIGNATURE = 'a'.repeat(64)

interface Parts {
  readonly credential?: string
  readonly signed?: string
  readonly signature?: string
  readonly headers?: Readonly<Record<string, string>>
}
function head({
  credential = 'AKIA/20261121/us-east-1/logs/aws4_request',
  signed = 'host;x-amz-date',
  signature = SIGNATURE,
  headers = {},
}: Parts = {}): RequestHead {
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${signed}, Signature=${signature}`
  return {
    method: 'POST',
    rawUrl: '/',
    headers: { host: 'localhost', 'x-amz-date': '20261121T100000Z', authorization, ...headers },
  }
}

function faultOf(request: RequestHead, target: FaultTarget): Pick<WireError, 'code' | 'status' | 'message'> {
  try {
    readSignature(request, target)
  } catch (error) {
    const { code, status, message } = error as WireError
    return { code, status, message }
  }
  throw new Error('it was accepted')
}

test('a whole header is read', () => {
  expect(readSignature(head(), logs)).toEqual({
    version: 4,
    form: 'header',
    accessKeyId: 'AKIA',
    date: '20261121',
    region: 'us-east-1',
    signingName: 'logs',
    timestamp: Date.UTC(2026, 10, 21, 10),
    signedHeaders: ['host', 'x-amz-date'],
    signature: SIGNATURE,
  })
})

test('a header without spaces after its commas is read', () => {
  const { authorization } = head().headers
  expect(
    readSignature(
      { ...head(), headers: { ...head().headers, authorization: authorization?.replaceAll(', ', ',') } },
      logs,
    ).accessKeyId,
  ).toBe('AKIA')
})

test('an HTTP date is taken when there is no X-Amz-Date', () => {
  const request = head({ signed: 'date;host', headers: { date: 'Sat, 21 Nov 2026 10:00:00 GMT' } })
  const { 'x-amz-date': _, ...headers } = request.headers
  expect(readSignature({ ...request, headers }, logs)).toMatchObject({ timestamp: Date.UTC(2026, 10, 21, 10) })
})

test.each([
  {
    protocol: 'JSON',
    target: logs,
    want: { code: 'MissingAuthenticationTokenException', status: 400, message: 'Missing Authentication Token' },
  },
  {
    protocol: 'REST',
    target: mq,
    want: { code: 'MissingAuthenticationTokenException', status: 403, message: 'Missing Authentication Token' },
  },
  {
    protocol: 'Query',
    target: iam,
    want: { code: 'MissingAuthenticationToken', status: 403, message: 'Request is missing Authentication Token' },
  },
])('an unsigned request is refused with the code of $protocol', ({ target, want }) => {
  expect(faultOf({ method: 'GET', rawUrl: '/', headers: {} }, target)).toEqual(want)
})

test('everything that is missing is named at once', () => {
  const request = { method: 'POST', rawUrl: '/', headers: { authorization: 'AWS4-HMAC-SHA256 Credential=a/b/c/d/e' } }
  expect(faultOf(request, iam)).toEqual({
    code: 'IncompleteSignature',
    status: 400,
    message:
      "Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. " +
      "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
  })
})

test.each([
  {
    rule: 'another algorithm',
    request: head({ headers: { authorization: 'AWS4-ECDSA-P256-SHA256 Credential=a' } }),
    code: 'IncompleteSignatureException',
    says: /Unsupported AWS 'algorithm'/,
  },
  {
    rule: 'Signature Version 2',
    request: head({ headers: { authorization: 'AWS AKIA:abc' } }),
    code: 'IncompleteSignatureException',
    says: /^Signature Version 2 is not supported; sign the request with Signature Version 4 \(AWS4-HMAC-SHA256\)\.$/,
  },
  {
    rule: 'a part without an equal sign',
    request: head({ headers: { authorization: 'AWS4-HMAC-SHA256 nonsense' } }),
    code: 'IncompleteSignatureException',
    says: /'nonsense' not a valid key=value pair/,
  },
  {
    rule: 'a credential of four parts',
    request: head({ credential: 'AKIA/20261121/us-east-1/logs' }),
    code: 'IncompleteSignatureException',
    says: /5 slash-delimited elements/,
  },
  {
    rule: 'a date that is none',
    request: head({ headers: { 'x-amz-date': 'yesterday' } }),
    code: 'IncompleteSignatureException',
    says: /ISO-8601 'basic format'/,
  },
  {
    rule: 'a signature that is not hexadecimal',
    request: head({ signature: 'Z'.repeat(64) }),
    code: 'IncompleteSignatureException',
    says: /64 lower-case hexadecimal digits/,
  },
  {
    rule: 'header names out of order',
    request: head({ signed: 'x-amz-date;host' }),
    code: 'IncompleteSignatureException',
    says: /sorted/,
  },
  {
    rule: 'header names in capitals',
    request: head({ signed: 'Host;X-Amz-Date' }),
    code: 'IncompleteSignatureException',
    says: /lower-case/,
  },
  {
    rule: 'an unsigned host',
    request: head({ signed: 'x-amz-date' }),
    code: 'InvalidSignatureException',
    says: /'host' must be a 'SignedHeader'/,
  },
  {
    rule: 'an unsigned target',
    request: head({ headers: { 'x-amz-target': 'Logs_20140328.PutLogEvents' } }),
    code: 'InvalidSignatureException',
    says: /'x-amz-target' must be a 'SignedHeader'/,
  },
  {
    rule: 'another service',
    request: head({ credential: 'AKIA/20261121/us-east-1/iam/aws4_request' }),
    code: 'InvalidSignatureException',
    says: /scoped to correct service: 'logs'/,
  },
  {
    rule: 'a region that cannot be one',
    request: head({ credential: 'AKIA/20261121/US EAST/logs/aws4_request' }),
    code: 'InvalidSignatureException',
    says: /valid region, not 'US EAST'/,
  },
  {
    rule: 'another terminator',
    request: head({ credential: 'AKIA/20261121/us-east-1/logs/aws5_request' }),
    code: 'InvalidSignatureException',
    says: /valid terminator: 'aws4_request'/,
  },
  {
    rule: "another day's scope",
    request: head({ credential: 'AKIA/20261120/us-east-1/logs/aws4_request' }),
    code: 'InvalidSignatureException',
    says: /'20261120' != '20261121', from '20261121T100000Z'/,
  },
])('$rule is refused', ({ request, code, says }) => {
  const fault = faultOf(request, logs)
  expect(fault.code).toBe(code)
  expect(fault.message).toMatch(says)
})

const presigned =
  'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIA%2F20261121%2Fus-east-1%2Fsts%2Faws4_request&X-Amz-Date=20261121T100000Z'
test.each([
  {
    rule: 'no expiry',
    query: `${presigned}&X-Amz-SignedHeaders=host&X-Amz-Signature=${SIGNATURE}`,
    says: /must include 'X-Amz-Expires'/,
  },
  {
    rule: 'more than seven days',
    query: `${presigned}&X-Amz-SignedHeaders=host&X-Amz-Signature=${SIGNATURE}&X-Amz-Expires=604801`,
    says: /from 1 to 604800/,
  },
  {
    rule: 'an unsigned host',
    query: `${presigned}&X-Amz-SignedHeaders=accept&X-Amz-Signature=${SIGNATURE}&X-Amz-Expires=60`,
    says: /'host' must be a 'SignedHeader'/,
  },
  {
    rule: 'broken percent-encoding',
    query: `${presigned}&X-Amz-SignedHeaders=%ff&X-Amz-Signature=${SIGNATURE}&X-Amz-Expires=60`,
    says: /must include 'X-Amz-SignedHeaders'/,
  },
])('a presigned request with $rule is refused', ({ query, says }) => {
  expect(
    faultOf(
      { method: 'GET', rawUrl: `/?${query}`, headers: { host: 'localhost' } },
      { protocol: 'aws-query', service: 'sts' },
    ).message,
  ).toMatch(says)
})

test('a header that chooses what a presigned request does must be signed too', () => {
  const request = {
    method: 'POST',
    rawUrl: `/?${presigned}&X-Amz-SignedHeaders=host&X-Amz-Signature=${SIGNATURE}&X-Amz-Expires=60`,
    headers: { host: 'localhost', 'x-amz-target': 'Logs_20140328.DeleteLogGroup' },
  }
  const sts: FaultTarget = { protocol: 'aws-query', service: 'sts' }
  expect(faultOf(request, sts).message).toBe("'x-amz-target' must be a 'SignedHeader' in the AWS Authorization.")
  const signed = { ...request, rawUrl: request.rawUrl.replace('=host&', '=host%3Bx-amz-target&') }
  expect(readSignature(signed, sts)).toMatchObject({ signedHeaders: ['host', 'x-amz-target'] })
})

test('whatever an Authorization header holds, it is read or refused with a fault of ours', () => {
  const part = fc.oneof(
    fc.string(),
    fc.constantFrom('Credential=', 'SignedHeaders=host', `Signature=${SIGNATURE}`, ',', '/', 'AWS4-HMAC-SHA256 '),
  )
  fc.assert(
    fc.property(
      fc.array(part).map((parts) => parts.join('')),
      fc.constantFrom(logs, mq, iam),
      (authorization, target) => {
        const fault = faultOf(
          { method: 'POST', rawUrl: '/', headers: { host: 'h', 'x-amz-date': '20261121T100000Z', authorization } },
          target,
        )
        expect(fault.status).toBeGreaterThanOrEqual(400)
      },
    ),
    { seed: 7, numRuns: 300 },
  )
})
