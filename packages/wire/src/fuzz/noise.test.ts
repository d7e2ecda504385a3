import fc from 'fast-check'
import { expect, test } from 'vitest'
import { WireError, identify, readInput, readSignature, verifySignature, writeFault } from '../index.ts'
import type { Identified, RequestHead } from '../request.ts'

/** Text that is nearly right gets further than noise does. */
const nearly = fc.constantFrom(
  'Action=CreateUser&UserName=u',
  '&Tags.member.1.Key=',
  '.member.1',
  '=',
  '&',
  '%',
  '%ff',
  '+',
  '__proto__',
  'constructor.prototype=1',
  '{"logGroupName":"g","logEvents":[{"timestamp":1,"message":"m"}]',
  '}',
  ']',
  '[',
  '{',
  '"',
  '\\',
  '\\ud800',
  ':',
  'null',
  '1e999',
  '-0',
  '\u0000',
  '\ud800',
  '"__proto__":{"polluted":1}',
  '/v1/brokers',
  '/',
  '//',
  '..',
  '?',
  'maxResults=',
  '{"users":[{"username":null}]}',
)
const text = fc
  .array(fc.oneof(nearly, fc.string({ unit: 'binary', maxLength: 8 })), { maxLength: 12 })
  .map((parts) => parts.join(''))
const body = fc.oneof(
  text.map((content) => new Uint8Array(Buffer.from(content))),
  fc.uint8Array({ maxLength: 64 }),
)
const authorization = (service: string): string =>
  `AWS4-HMAC-SHA256 Credential=AKIA/20261121/us-east-1/${service}/aws4_request, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`
const headers = fc.record(
  {
    host: fc.constant('localhost'),
    authorization: fc.oneof(fc.constantFrom('logs', 'mq', 'cloudtrail', 'iam', 'sts', 's3').map(authorization), text),
    'x-amz-date': fc.oneof(fc.constant('20261121T100000Z'), text),
    'x-amz-target': fc.oneof(
      fc.constantFrom('Logs_20140328.PutLogEvents', 'CloudTrail_20131101.LookupEvents', 'Logs_20140328.__proto__'),
      text,
    ),
    'content-type': fc.constantFrom('application/x-www-form-urlencoded', 'application/x-amz-json-1.1', 'text/plain'),
    'content-encoding': fc.constantFrom('gzip', 'identity', 'br'),
    'x-amz-content-sha256': text,
  },
  { requiredKeys: ['host'], noNullPrototype: true },
)
const request = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'X'),
  rawUrl: fc.oneof(
    text,
    text.map((rest) => `/v1/brokers/${rest}`),
    text.map((rest) => `/?${rest}`),
  ),
  headers,
})

/** Runs one step; whatever it throws must be a fault for the client. */
function survive(step: () => void): void {
  try {
    step()
  } catch (error) {
    expect(error).toBeInstanceOf(WireError)
    expect((error as WireError).status).toBeGreaterThanOrEqual(400)
  }
}

function drive(head: RequestHead, bytes: Uint8Array): void {
  const identification = identify(head, bytes)
  if (identification.kind === 'unknown') {
    const reply = writeFault(identification.target, identification.fault, 'r')
    expect(reply.status).toBe(identification.fault.status)
    return
  }
  const { operation } = identification
  survive(() =>
    verifySignature(readSignature(head, operation), head, bytes, 'secret', Date.UTC(2026, 10, 21, 10), operation),
  )
  survive(() => readInput(operation, head, bytes))
}

test('no request makes the wire throw anything but its own faults, nor touches Object.prototype', () => {
  fc.assert(fc.property(request, body, drive), { seed: 17, numRuns: 2_000 })
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
})

test('no body makes a reader throw anything but its own faults', () => {
  const operations: readonly Identified[] = [
    { protocol: 'aws-json-1.1', service: 'logs', operation: 'PutLogEvents' },
    { protocol: 'aws-json-1.1', service: 'logs', operation: 'PutTransformer' },
    { protocol: 'aws-json-1.1', service: 'cloudtrail', operation: 'CreateEventDataStore' },
    { protocol: 'aws-query', service: 'iam', operation: 'SimulateCustomPolicy' },
    { protocol: 'aws-query', service: 'sts', operation: 'AssumeRole' },
    { protocol: 'rest-json-1', service: 'mq', operation: 'CreateBroker', labels: {} },
  ]
  const head: RequestHead = {
    method: 'POST',
    rawUrl: '/',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  }
  const json = fc.jsonValue({ maxDepth: 3 }).map((value) => new Uint8Array(Buffer.from(JSON.stringify(value))))
  fc.assert(
    fc.property(fc.constantFrom(...operations), fc.oneof(body, json), (operation, bytes) =>
      survive(() => readInput(operation, head, bytes)),
    ),
    { seed: 23, numRuns: 2_000 },
  )
})
