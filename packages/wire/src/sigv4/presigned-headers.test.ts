import { expect, test } from 'vitest'
import { identify } from '../identify.ts'
import { readInput } from '../read-input.ts'
import type { Identified, RequestHead } from '../request.ts'
import { presignedHeaders } from './presigned-headers.ts'

const SIGNED =
  'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIA%2F20261121%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20261121T100000Z' +
  '&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Signature=00'
const put = (query: string, headers = {}): RequestHead => ({
  method: 'PUT',
  rawUrl: `/bucket/key?${query}`,
  headers: { host: 'localhost', ...headers },
})

function inputOf(head: RequestHead): { readonly operation: string; readonly input: Record<string, unknown> } {
  const identification = identify(head, new Uint8Array())
  const operation = (identification as { readonly operation: Identified }).operation
  return { operation: operation.operation, input: readInput(operation, head, new Uint8Array()) }
}

test('what a client moved into a presigned URL is read as the headers it was', () => {
  const head = put(`${SIGNED}&x-amz-acl=private&x-amz-meta-team=a%20b&X-Amz-Storage-Class=STANDARD`)
  expect(inputOf(head)).toMatchObject({
    operation: 'PutObject',
    input: { ACL: 'private', Metadata: { team: 'a b' }, StorageClass: 'STANDARD', Bucket: 'bucket', Key: 'key' },
  })
})

test('it also tells operations apart', () => {
  expect(inputOf(put(`${SIGNED}&x-amz-copy-source=%2Fother%2Fkey`))).toMatchObject({
    operation: 'CopyObject',
    input: { CopySource: '/other/key' },
  })
})

test('without a signature in the URL a parameter is no header', () => {
  expect(inputOf(put('x-amz-acl=private')).input).not.toHaveProperty('ACL')
})

test('a header that was sent wins; the parts of the signature and checksums of no body are none', () => {
  const query = `${SIGNED}&x-amz-acl=private&x-amz-checksum-crc32=AAAAAA%3D%3D&x-amz-sdk-checksum-algorithm=CRC32&X-Amz-Security-Token=t`
  expect(presignedHeaders(put(query, { 'x-amz-acl': 'public-read' }))).toEqual({
    host: 'localhost',
    'x-amz-acl': 'public-read',
  })
})
