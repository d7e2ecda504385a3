import { expect, test } from 'vitest'
import { framedRequest, read } from './testing/chunked-body.ts'
import { faultOf } from './testing/s3-request.ts'

const HELLO = Buffer.from('hello')
const CRC32 = { 'x-amz-checksum-crc32': 'NhCmhg==' }
const SIGNATURE = 'a'.repeat(64)
const malformed = {
  code: 'IncompleteBody',
  status: 400,
  message: 'The request body terminated unexpectedly',
  members: {},
}
const trailer = {
  code: 'MalformedTrailerError',
  status: 400,
  message: 'The request contained trailing data that was not well-formed or did not conform to our published schema.',
  members: {},
}

/** A body without signatures, `\n` standing for CR LF, of five bytes unless `length` says else. */
const unsigned = (body: string, trailers = '', length = 5): Promise<unknown> => {
  const headers = {
    'x-amz-decoded-content-length': String(length),
    ...(trailers === '' ? {} : { 'x-amz-trailer': trailers }),
  }
  const { head } = framedRequest(HELLO, { signed: false, headers })
  return read({ head, body: Buffer.from(body.replaceAll('\n', '\r\n'), 'latin1') })
}

test.each([
  { rule: 'one chunk', body: '5\nhello\n0\n\n' },
  { rule: 'a size with zeros before it', body: '0000000000000005\nhello\n0\n\n' },
  { rule: 'a size of zeros alone at the end', body: '5\nhello\n000\n\n' },
])('$rule is read', async ({ body }) => {
  expect(await unsigned(body)).toMatchObject({ content: HELLO, summary: { length: 5, digests: {} } })
})

test('a size in capital letters is read', async () => {
  const content = Buffer.alloc(10, 'a')
  expect(await unsigned(`A\n${content.toString()}\n0\n\n`, '', 10)).toMatchObject({ content })
})

test('no content at all is framed too', async () => {
  expect(await unsigned('0\n\n', '', 0)).toMatchObject({ summary: { length: 0 } })
  const signed = framedRequest(new Uint8Array(), { signed: true })
  expect((await read(signed)).summary.length).toBe(0)
})

test.each([
  { rule: 'nothing', body: '' },
  { rule: 'no size', body: '\nhello\n0\n\n' },
  { rule: 'a size that is no number', body: 'x\nhello\n0\n\n' },
  { rule: 'a size with a sign', body: '+5\nhello\n0\n\n' },
  { rule: 'a size with 0x before it', body: '0x5\nhello\n0\n\n' },
  { rule: 'a size with a space', body: '5 \nhello\n0\n\n' },
  { rule: 'a size of seventeen digits', body: '00000000000000005\nhello\n0\n\n' },
  { rule: 'a line without end', body: '0'.repeat(1_000) },
  { rule: 'a signature where there is none', body: `5;chunk-signature=${SIGNATURE}\nhello\n0\n\n` },
  { rule: 'an extension of HTTP', body: '5;name=value\nhello\n0\n\n' },
  { rule: 'a line feed alone', body: '5\nhello\n0\n\n'.replaceAll('\n', '\u0000') },
  { rule: 'a chunk longer than its size', body: '3\nhello\n0\n\n' },
  { rule: 'a chunk shorter than its size', body: '5\nhell\n0\n\n' },
  { rule: 'an end in the middle of a size', body: '5' },
  { rule: 'an end in the middle of a chunk', body: '5\nhel' },
  { rule: 'an end after the content', body: '5\nhello' },
  { rule: 'an end after a chunk', body: '5\nhello\n' },
  { rule: 'an end after the last size', body: '5\nhello\n0\n' },
  { rule: 'another end than the last line', body: '5\nhello\n0\n\r' },
  { rule: 'something after the end', body: '5\nhello\n0\n\nx' },
  { rule: 'a second body after the end', body: '5\nhello\n0\n\n5\nhello\n0\n\n' },
])('$rule is refused', async ({ body }) => {
  expect(await faultOf(() => unsigned(body))).toEqual(malformed)
})

test('line feeds without carriage returns end nothing', async () => {
  const { head } = framedRequest(HELLO, { signed: false })
  expect(await faultOf(() => read({ head, body: Buffer.from('5\nhello\n0\n\n') }))).toEqual(malformed)
})

test.each([
  { rule: 'more than was declared', length: 4, provided: 5 },
  { rule: 'less than was declared', length: 6, provided: 5 },
])('$rule is refused', async ({ length, provided }) => {
  expect(await faultOf(() => unsigned('5\nhello\n0\n\n', '', length))).toEqual({
    code: 'IncompleteBody',
    status: 400,
    message: 'You did not provide the number of bytes specified by the Content-Length HTTP header',
    members: { NumberBytesExpected: String(length), NumberBytesProvided: String(provided) },
  })
})

test('a size beyond all numbers is more than was declared, and its content is not waited for', async () => {
  expect(await faultOf(() => unsigned('ffffffffffffffff\n'))).toMatchObject({
    code: 'IncompleteBody',
    members: { NumberBytesExpected: '5' },
  })
})

test.each([
  { sizes: [8_192, 8_192, 1], length: 16_385 },
  { sizes: [8_192, 8_191], length: 16_383 },
  { sizes: [100_000, 8_192, 5], length: 108_197 },
])('chunks of $sizes are read', async ({ sizes, length }) => {
  for (const signed of [true, false]) {
    const content = Buffer.alloc(length, 'x')
    expect((await read(framedRequest(content, { signed, sizes }))).content.equals(content)).toBe(true)
  }
})

test('only the last chunk may be shorter than 8 KiB, and S3 says which was', async () => {
  for (const signed of [true, false]) {
    const request = framedRequest(Buffer.alloc(30_000), { signed, sizes: [8_192, 8_191, 8_192] })
    expect(await faultOf(() => read(request))).toEqual({
      code: 'InvalidChunkSizeError',
      status: 403,
      message: 'Only the last chunk is allowed to have a size less than 8192 bytes',
      members: { Chunk: '3', BadChunkSize: '8191' },
    })
  }
})

test.each([
  { rule: 'as announced', after: 'x-amz-checksum-crc32:NhCmhg==\n' },
  { rule: 'with a space after the colon', after: 'x-amz-checksum-crc32: NhCmhg==\n' },
  { rule: 'with a line feed more, as minio-go writes it', after: 'x-amz-checksum-crc32:NhCmhg==\u0001\n' },
])('a trailing header $rule is read', async ({ after }) => {
  const { head } = framedRequest(HELLO, { signed: false, headers: { 'x-amz-trailer': 'x-amz-checksum-crc32' } })
  const body = `5\r\nhello\r\n0\r\n${after.replaceAll('\n', '\r\n').replaceAll('\u0001', '\n')}\r\n`
  expect((await read({ head, body: Buffer.from(body) })).summary.checksum).toEqual({
    algorithm: 'crc32',
    value: 'NhCmhg==',
  })
})

test.each([
  { rule: 'that is missing', after: '' },
  { rule: 'that was not announced', after: 'x-amz-checksum-crc32:NhCmhg==\nx-amz-meta-a:b\n' },
  { rule: 'of another algorithm', after: 'x-amz-checksum-crc32c:mnG7TA==\n' },
  { rule: 'that comes twice', after: 'x-amz-checksum-crc32:NhCmhg==\nx-amz-checksum-crc32:NhCmhg==\n' },
  { rule: 'without a colon', after: 'x-amz-checksum-crc32NhCmhg==\n' },
  { rule: 'without a name', after: ':NhCmhg==\n' },
  { rule: 'with a name in capitals', after: 'X-Amz-Checksum-Crc32:NhCmhg==\n' },
  { rule: 'with a space in its value', after: 'x-amz-checksum-crc32:NhC mhg==\n' },
  {
    rule: 'that is a signature where there is none',
    after: `x-amz-checksum-crc32:NhCmhg==\nx-amz-trailer-signature:${SIGNATURE}\n`,
  },
])('a trailing header $rule is refused', async ({ after }) => {
  expect(await faultOf(() => unsigned(`5\nhello\n0\n${after}\n`, 'x-amz-checksum-crc32'))).toEqual(trailer)
})

test('a trailing header that nothing announced is refused', async () => {
  expect(await faultOf(() => unsigned('5\nhello\n0\nx-amz-checksum-crc32:NhCmhg==\n\n'))).toEqual(trailer)
})

test('a trailing header that does not end is refused', async () => {
  const after = `x-amz-checksum-crc32:${'A'.repeat(1_000)}`
  expect(await faultOf(() => unsigned(`5\nhello\n0\n${after}`, 'x-amz-checksum-crc32'))).toEqual(malformed)
})

test.each([
  { rule: 'no signature', change: (body: string) => body.replace(/x-amz-trailer-signature:.{64}\r\n/, '') },
  {
    rule: 'a signature that is none',
    change: (body: string) => body.replace(/(signature:.{63}).\r\n\r\n$/, '$1z\r\n\r\n'),
  },
  {
    rule: 'a header after the signature',
    change: (body: string) => body.replace(/\r\n$/, 'x-amz-checksum-sha1:a\r\n\r\n'),
  },
  { rule: 'a second signature', change: (body: string) => body.replace(/(x-amz-trailer-signature:.{64}\r\n)/, '$1$1') },
  { rule: 'no header', change: (body: string) => body.replace(/x-amz-checksum-crc32:.*\r\n/, '') },
])('signed trailing headers with $rule are refused', async ({ change }) => {
  const { head, body } = framedRequest(HELLO, { signed: true, trailers: CRC32 })
  const changed = Buffer.from(change(body.toString('latin1')), 'latin1')
  expect(changed.equals(body)).toBe(false)
  expect(await faultOf(() => read({ head, body: changed }))).toEqual(trailer)
})

test('trailing headers are signed even when there are none', async () => {
  const request = framedRequest(HELLO, { signed: true, trailers: {} })
  expect((await read(request)).content.toString()).toBe('hello')
  const without = request.body.toString('latin1').replace(/x-amz-trailer-signature:.{64}\r\n/, '')
  expect(await faultOf(() => read({ ...request, body: Buffer.from(without, 'latin1') }))).toEqual(trailer)
})

test.each([
  { rule: 'no signature', change: (body: string) => body.replace(/;chunk-signature=.{64}/, '') },
  { rule: 'a signature of 63 digits', change: (body: string) => body.replace(/(;chunk-signature=.{63})./, '$1') },
  {
    rule: 'a signature that is not hexadecimal',
    change: (body: string) => body.replace(/(;chunk-signature=)./, '$1z'),
  },
  { rule: 'another extension', change: (body: string) => body.replace('chunk-signature', 'chunk-signaturf') },
])('a signed chunk with $rule is refused', async ({ change }) => {
  const { head, body } = framedRequest(HELLO, { signed: true })
  const changed = Buffer.from(change(body.toString('latin1')), 'latin1')
  expect(await faultOf(() => read({ head, body: changed }))).toEqual(malformed)
})

test('chunks of another request, in another order, or left out are refused', async () => {
  const content = Buffer.concat([Buffer.alloc(8_192, 'a'), Buffer.alloc(8_192, 'b')])
  const { head, body } = framedRequest(content, { signed: true, sizes: [8_192] })
  const other = framedRequest(content, { signed: true, sizes: [8_192], headers: { 'x-amz-meta-a': 'b' } })
  const chunk = '2000;chunk-signature='.length + 64 + 2 + 8_192 + 2
  const [first, second, last] = [body.subarray(0, chunk), body.subarray(chunk, 2 * chunk), body.subarray(2 * chunk)]
  const fault = { code: 'SignatureDoesNotMatch', status: 403 }
  expect(await faultOf(() => read({ head, body: other.body }))).toMatchObject(fault)
  expect(await faultOf(() => read({ head, body: Buffer.concat([second, first, last]) }))).toMatchObject(fault)
  expect(await faultOf(() => read({ head, body: Buffer.concat([first, first, last]) }))).toMatchObject(fault)
  expect(await faultOf(() => read({ head, body: Buffer.concat([first, last]) }))).toMatchObject({
    code: 'IncompleteBody',
  })
})
