import { expect, test } from 'vitest'
import type { FaultTarget, RequestHead } from '../request.ts'
import { readSignature } from './claim.ts'
import { signRequest } from './sign.ts'
import { verifySignature } from './verify.ts'

const NOW = Date.UTC(2026, 10, 21, 10)
const targets = {
  logs: { protocol: 'aws-json-1.1', service: 'logs' },
  mq: { protocol: 'rest-json-1', service: 'mq' },
  sts: { protocol: 'aws-query', service: 'sts' },
} as const satisfies Record<string, FaultTarget>

function signed(
  service: keyof typeof targets,
  body = '{}',
  headers: Readonly<Record<string, string>> = {},
): RequestHead {
  const sent = signRequest({
    method: 'POST',
    url: 'http://127.0.0.1:4566/v1/brokers?b=2&a=x%20y',
    headers,
    body,
    service,
    region: 'us-east-1',
    accessKeyId: 'AKIA',
    secret: 'secret',
    now: new Date(NOW),
  })
  return { method: 'POST', rawUrl: '/v1/brokers?b=2&a=x%20y', headers: sent }
}

function verify(service: keyof typeof targets, request: RequestHead, now = NOW, body = '{}'): void {
  const target = targets[service]
  verifySignature(readSignature(request, target), request, Buffer.from(body), 'secret', now, target)
}

test('what we sign we verify', () => {
  for (const service of ['logs', 'mq', 'sts'] as const) expect(() => verify(service, signed(service))).not.toThrow()
})

test.each([
  { service: 'logs', minutes: 5, code: 'InvalidSignatureException', status: 400 },
  { service: 'mq', minutes: 5, code: 'InvalidSignatureException', status: 403 },
  { service: 'sts', minutes: 15, code: 'SignatureDoesNotMatch', status: 403 },
] as const)(
  '$service takes clocks that are off by $minutes minutes and no more',
  ({ service, minutes, code, status }) => {
    const limit = minutes * 60_000
    expect(() => verify(service, signed(service), NOW + limit)).not.toThrow()
    expect(() => verify(service, signed(service), NOW - limit)).not.toThrow()
    expect(() => verify(service, signed(service), NOW + limit + 1_000)).toThrow(
      expect.objectContaining({
        code,
        status,
        message: expect.stringMatching(
          new RegExp(
            `^Signature expired: 20261121T100000Z is now earlier than 20261121T100001Z \\(.* - ${String(minutes)} min\\.\\)$`,
          ),
        ),
      }),
    )
    expect(() => verify(service, signed(service), NOW - limit - 1_000)).toThrow(
      expect.objectContaining({
        code,
        status,
        message: expect.stringMatching(
          new RegExp(
            `^Signature not yet current: 20261121T100000Z is still later than 20261121T095959Z \\(.* \\+ ${String(minutes)} min\\.\\)$`,
          ),
        ),
      }),
    )
  },
)

test('a body that is not the signed one is refused, whatever hash the request declares', () => {
  const request = signed('logs', '{"a":1}')
  expect(() => verify('logs', request, NOW, '{"a":2}')).toThrow(
    expect.objectContaining({ code: 'InvalidSignatureException' }),
  )
  expect(() => verify('logs', request, NOW, '{"a":1}')).not.toThrow()
})

test('a body cannot be left unsigned', () => {
  const request = signed('logs')
  const headers = { ...request.headers, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }
  expect(() => verify('logs', { ...request, headers })).toThrow(
    expect.objectContaining({ code: 'InvalidSignatureException' }),
  )
})

test('headers count with their spaces trimmed and folded', () => {
  const request = signed('logs', '{}', { 'x-amz-meta': 'a  b' })
  expect(() => verify('logs', { ...request, headers: { ...request.headers, 'x-amz-meta': '  a   b ' } })).not.toThrow()
  expect(() => verify('logs', { ...request, headers: { ...request.headers, 'x-amz-meta': 'a b c' } })).toThrow(
    /does not match/,
  )
})

test('the order of query parameters does not count, their values do', () => {
  const request = signed('logs')
  expect(() => verify('logs', { ...request, rawUrl: '/v1/brokers?a=x%20y&b=2' })).not.toThrow()
  expect(() => verify('logs', { ...request, rawUrl: '/v1/brokers?a=x%20y&b=3' })).toThrow(/does not match/)
})

test('the text of a mismatch is that of AWS', () => {
  expect(() => verify('sts', { ...signed('sts'), method: 'PUT' })).toThrow(
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  )
})
