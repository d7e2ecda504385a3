import { S3Client, CompleteMultipartUploadCommand, DeleteObjectsCommand, PutBucketAclCommand } from '@aws-sdk/client-s3'
import { afterAll, expect, test } from 'vitest'
import { type XmlElement, parseXml } from './parse.ts'

let sent: unknown
const client = new S3Client({
  region: 'us-east-1',
  endpoint: 'http://127.0.0.1:4566',
  forcePathStyle: true,
  credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
  requestHandler: {
    handle: ({ body }: { readonly body: unknown }) => {
      sent = body
      throw new Error('enough')
    },
    destroy: () => {},
    updateHttpClientConfig: () => {},
    httpHandlerConfigs: () => ({}),
  },
})
afterAll(() => client.destroy())

const NASTY = ' a\r\n\t<&>"\' ]]> é😀 '

/** A tree as nested lists: shorter to compare. */
const short = ({ name, attributes, children, text }: XmlElement): unknown => [
  attributes.length === 0 ? name : [name, ...attributes.map((attribute) => `${attribute.name}=${attribute.value}`)],
  ...(children.length === 0 ? [text] : children.map(short)),
]
const body = (): unknown => short(parseXml(typeof sent === 'string' ? Buffer.from(sent) : (sent as Uint8Array)))

test('keys come through as the official client writes them', async () => {
  const Objects = [{ Key: NASTY }, { Key: 'b', VersionId: 'v' }]
  await expect(
    client.send(new DeleteObjectsCommand({ Bucket: 'b', Delete: { Objects, Quiet: true } })),
  ).rejects.toThrow('enough')
  expect(body()).toEqual([
    'Delete',
    ['Object', ['Key', NASTY]],
    ['Object', ['Key', 'b'], ['VersionId', 'v']],
    ['Quiet', 'true'],
  ])
})

test('so do parts, and the type of a grantee', async () => {
  const Parts = [{ PartNumber: 1, ETag: '"e"' }]
  await expect(
    client.send(
      new CompleteMultipartUploadCommand({ Bucket: 'b', Key: 'k', UploadId: 'u', MultipartUpload: { Parts } }),
    ),
  ).rejects.toThrow('enough')
  expect(body()).toEqual(['CompleteMultipartUpload', ['Part', ['ETag', '"e"'], ['PartNumber', '1']]])
  const Grants = [{ Grantee: { Type: 'CanonicalUser' as const, ID: 'i' }, Permission: 'READ' as const }]
  await expect(client.send(new PutBucketAclCommand({ Bucket: 'b', AccessControlPolicy: { Grants } }))).rejects.toThrow(
    'enough',
  )
  expect(body()).toEqual([
    'AccessControlPolicy',
    [
      'AccessControlList',
      [
        'Grant',
        [
          ['Grantee', 'xsi:type=CanonicalUser'],
          ['ID', 'i'],
        ],
        ['Permission', 'READ'],
      ],
    ],
  ])
})
