import { expect, test } from 'vitest'
import type { RequestHead } from '@sluice/wire'
import { refusalReply } from '#gateway/refusal.ts'

const signedFor = (service: string): Readonly<Record<string, string>> => ({
  authorization: `AWS4-HMAC-SHA256 Credential=test/20261121/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
})

const answer = (headers: Readonly<Record<string, string>>, rawUrl = '/', method = 'POST', status = 413) =>
  refusalReply({ method, rawUrl, headers } satisfies RequestHead, { status, message: 'Too long.' })

test('a JSON service hears it in JSON', () => {
  const { status, headers, body } = answer({ 'x-amz-target': 'Logs_20140328.PutLogEvents' })
  expect([status, headers['content-type']]).toEqual([413, 'application/x-amz-json-1.1'])
  expect(JSON.parse(String(body))).toEqual({ __type: 'RequestEntityTooLargeException', message: 'Too long.' })
})

test('a REST service hears it in its header', () => {
  const { headers, body } = answer(signedFor('mq'), '/v1/brokers', 'POST', 503)
  expect(headers['x-amzn-errortype']).toBe('ServiceUnavailableException')
  expect(JSON.parse(String(body))).toEqual({ message: 'Too long.' })
})

test('a Query service hears it in XML though its action was never read', () => {
  const { headers, body } = answer({ ...signedFor('iam'), 'content-type': 'application/x-www-form-urlencoded' })
  expect(headers['content-type']).toBe('text/xml')
  expect(body).toContain('<Code>RequestEntityTooLarge</Code><Message>Too long.</Message>')
})

test('where the head names no service the answer is plain text, as is one that has no AWS code', () => {
  const plain = { status: 413, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'Too long.\n' }
  expect(answer({})).toEqual(plain)
  expect(answer({ 'x-amz-target': 'Nothing.Known' })).toEqual(plain)
  expect(answer({ 'x-amz-target': 'Logs_20140328.PutLogEvents' }, '/', 'POST', 501)).toEqual({ ...plain, status: 501 })
})
