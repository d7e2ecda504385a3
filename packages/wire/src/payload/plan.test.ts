import { describe, expect, test } from 'vitest'
import type { RequestHead } from '../request.ts'
import { payloadPlan } from './plan.ts'
import { framedRequest, planOf, read } from './testing/chunked-body.ts'
import { faultOf, signedHead } from './testing/s3-request.ts'

const CRC32 = 'NhCmhg=='
const SHA1 = 'qvTGHdzF6KLavt4PO0gs2a6pQ00='
const HELLO = Buffer.from('hello')

const put = (headers: Readonly<Record<string, string>>): RequestHead =>
  signedHead({ method: 'PUT', rawUrl: '/k', headers }, 'UNSIGNED-PAYLOAD')
const trailing = (headers: Readonly<Record<string, string>>): RequestHead =>
  framedRequest(HELLO, { signed: false, headers }).head

const invalidRequest = (message: string): object => ({ code: 'InvalidRequest', status: 400, message, members: {} })

describe('the checksum of a body', () => {
  test.each([
    {
      rule: 'two values',
      head: put({ 'x-amz-checksum-crc32': CRC32, 'x-amz-checksum-sha1': SHA1 }),
      message: 'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    },
    {
      rule: 'two values, one of an algorithm that does not exist',
      head: put({ 'x-amz-checksum-crc32': CRC32, 'x-amz-checksum-crc16': 'AA==' }),
      message: 'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    },
    {
      rule: 'an algorithm that does not exist',
      head: put({ 'x-amz-checksum-crc16': 'AA==' }),
      message: 'The algorithm type you specified in x-amz-checksum- header is invalid.',
    },
    {
      rule: 'an algorithm named like what every object has',
      head: put({ 'x-amz-checksum-constructor': 'AA==' }),
      message: 'The algorithm type you specified in x-amz-checksum- header is invalid.',
    },
    {
      rule: 'the value of another algorithm than the one named',
      head: put({ 'x-amz-sdk-checksum-algorithm': 'SHA1', 'x-amz-checksum-crc32': CRC32 }),
      message: 'Value for x-amz-sdk-checksum-algorithm header is invalid.',
    },
    {
      rule: 'a named algorithm that does not exist',
      head: put({ 'x-amz-sdk-checksum-algorithm': 'CRC16', 'x-amz-checksum-crc32': CRC32 }),
      message: 'Value for x-amz-sdk-checksum-algorithm header is invalid.',
    },
    {
      rule: 'a named algorithm without a value',
      head: put({ 'x-amz-sdk-checksum-algorithm': 'CRC32' }),
      message:
        'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
    },
    {
      rule: 'a value in the head and one after the body',
      head: trailing({ 'x-amz-checksum-crc32': CRC32, 'x-amz-trailer': 'x-amz-checksum-crc32' }),
      message: 'Expecting a single x-amz-checksum- header',
    },
    {
      rule: 'two values after the body',
      head: trailing({ 'x-amz-trailer': 'x-amz-checksum-crc32,x-amz-checksum-sha1' }),
      message: 'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    },
    {
      rule: 'after the body what is no checksum',
      head: trailing({ 'x-amz-trailer': 'x-amz-meta-a' }),
      message: 'The value specified in the x-amz-trailer header is not supported',
    },
    {
      rule: 'after the body the value of an algorithm that does not exist',
      head: trailing({ 'x-amz-trailer': 'x-amz-checksum-crc16' }),
      message: 'The value specified in the x-amz-trailer header is not supported',
    },
    {
      rule: 'after the body the value of another algorithm than the one named',
      head: trailing({ 'x-amz-trailer': 'x-amz-checksum-crc32', 'x-amz-sdk-checksum-algorithm': 'SHA1' }),
      message: 'Value for x-amz-sdk-checksum-algorithm header is invalid.',
    },
    {
      rule: 'something after a body that has no place for it',
      head: put({ 'x-amz-trailer': 'x-amz-checksum-crc32' }),
      message: 'The value specified in the x-amz-trailer header is not supported',
    },
    {
      rule: 'something after signed chunks that have no place for it',
      head: framedRequest(HELLO, { signed: true, headers: { 'x-amz-trailer': 'x-amz-checksum-crc32' } }).head,
      message: 'The value specified in the x-amz-trailer header is not supported',
    },
  ])('$rule is refused', async ({ head, message }) => {
    expect(await faultOf(() => planOf(head))).toEqual(invalidRequest(message))
  })

  test.each(['x-amz-checksum-xxhash64', 'x-amz-checksum-xxhash3', 'x-amz-checksum-xxhash128'])(
    '%s is not built, and the refusal says what to do',
    async (name) => {
      for (const head of [put({ [name]: 'AAAAAAAAAAA=' }), trailing({ 'x-amz-trailer': name })])
        expect(await faultOf(() => planOf(head))).toMatchObject({
          code: 'NotImplemented',
          status: 501,
          message: `A header you provided implies functionality that is not implemented: ${name}. Use CRC32, CRC32C, CRC64NVME, MD5, SHA1, SHA256 or SHA512 instead.`,
        })
    },
  )

  test('the algorithm may be named in either case, and headers that only sound like a value are none', () => {
    const headers = { 'x-amz-checksum-crc32': CRC32, 'x-amz-checksum-type': 'FULL_OBJECT' }
    for (const name of ['crc32', 'CRC32'])
      expect(planOf(put({ ...headers, 'x-amz-sdk-checksum-algorithm': name })).checksum).toEqual({
        algorithm: 'crc32',
        value: Buffer.from(CRC32, 'base64'),
      })
    expect(
      planOf(put({ 'x-amz-checksum-algorithm': 'CRC32', 'x-amz-checksum-mode': 'ENABLED' })).checksum,
    ).toBeUndefined()
  })

  test('MD5 may be named where Content-MD5 is its value', () => {
    const headers = { 'content-md5': 'XUFAKrxLKna5cZ2REBfFkg==', 'x-amz-sdk-checksum-algorithm': 'MD5' }
    expect(planOf(put(headers))).toMatchObject({ md5: Buffer.from('XUFAKrxLKna5cZ2REBfFkg==', 'base64') })
  })

  test('it may be of something else than the body', () => {
    const head = put({ 'x-amz-checksum-crc32': 'an object of 3 parts', 'x-amz-checksum-sha1': SHA1 })
    expect(planOf(head, { checksums: false }).checksum).toBeUndefined()
  })
})

describe('the length of a framed body', () => {
  test.each([undefined, '', 'abc', '-1', '5.0', '1e3', '9999999999999999'])('%s is none', async (length) => {
    const { head } = framedRequest(HELLO, { signed: false })
    const headers = { ...head.headers, 'x-amz-decoded-content-length': length }
    const payload = { kind: 'chunked', line: '', signed: false, trailers: true } as const
    expect(await faultOf(() => payloadPlan({ ...head, headers }, payload, undefined))).toMatchObject({
      code: 'MissingContentLength',
      status: 411,
      message: 'You must provide the Content-Length HTTP header.',
    })
  })

  test('it is the content that may not be too long, not its frame', async () => {
    const request = framedRequest(HELLO, { signed: true, headers: { 'content-length': '260' } })
    expect((await read(request, [], { maxBytes: 5 })).content).toEqual(HELLO)
    expect(await faultOf(() => read(request, [], { maxBytes: 4 }))).toMatchObject({
      code: 'EntityTooLarge',
      members: { ProposedSize: '5', MaxSizeAllowed: '4' },
    })
  })
})

test('an operation may take no chunks', async () => {
  for (const signed of [true, false])
    expect(await faultOf(() => planOf(framedRequest(HELLO, { signed }).head, { chunked: false }))).toEqual(
      invalidRequest('The value of x-amz-content-sha256 header is invalid.'),
    )
  expect(planOf(put({}), { chunked: false }).framing).toBeUndefined()
})

test('the signatures of chunks cannot be left unverified', () => {
  const { head } = framedRequest(HELLO, { signed: true })
  const payload = { kind: 'chunked', line: '', signed: true, trailers: false } as const
  for (const verified of [undefined, {}])
    expect(() => payloadPlan(head, payload, verified)).toThrow('build on the verified head')
})

test.each([
  { header: 'aws-chunked', left: undefined },
  { header: 'aws-chunked,gzip', left: 'gzip' },
  { header: 'gzip, AWS-CHUNKED', left: 'gzip' },
  { header: ' aws-chunked , br ,, gzip ', left: 'br,gzip' },
])('of the coding "$header" the content has $left', ({ header, left }) => {
  const { head } = framedRequest(HELLO, { signed: true, headers: { 'content-encoding': header } })
  expect(planOf(head).contentEncoding).toBe(left)
})

test('a body without any coding has none', () => {
  expect(planOf(put({})).contentEncoding).toBeUndefined()
  expect(planOf(put({ 'content-encoding': 'gzip' })).contentEncoding).toBe('gzip')
})
