import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
import { contextOf, rootOf } from '#services/iam/test-bench.ts'
import { s3Parts } from '#services/s3/deps.ts'
import type { DataKeys } from '#services/s3/encryption/data-keys.ts'
import { copyObject } from '#services/s3/operations/copy-object.ts'
import { deleteObject } from '#services/s3/operations/delete-object.ts'
import { getObject } from '#services/s3/operations/get-object.ts'
import { putObject } from '#services/s3/operations/put-object.ts'
import { accountId } from '#kernel/ids.ts'
import { useS3 } from '../../../../testkit/src/s3-bench.ts'

const { bench, s3, Bucket } = useS3('orders')
const ctx = contextOf(rootOf(accountId('111122223333')))
const Key = 'k'

/** The service's parts, where something happens while the data key of an object is asked for. */
function whileKeyIsAsked(happens: () => unknown) {
  const parts = s3Parts(bench().deps)
  const open: DataKeys['open'] = async (...asked) => {
    await happens()
    // Bytes that nobody is known to read are gone by then.
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => void setImmediate(resolve))
    return parts.keys.open(...asked)
  }
  return { ...parts, keys: { ...parts.keys, open } }
}

async function text(body: AsyncIterable<Uint8Array> | undefined): Promise<string> {
  const pieces: Uint8Array[] = []
  for await (const piece of body ?? []) pieces.push(piece)
  return Buffer.concat(pieces).toString()
}

const remove = () => deleteObject(s3Parts(bench().deps))({ Bucket, Key }, ctx)
const overwrite = () => putObject(s3Parts(bench().deps))({ Bucket, Key }, ctx)

async function inParts(content: string): Promise<void> {
  const { UploadId } = await s3().send(new CreateMultipartUploadCommand({ Bucket, Key }))
  const { ETag } = await s3().send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body: content }))
  const MultipartUpload = { Parts: [{ ETag, PartNumber: 1 }] }
  await s3().send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload }))
}
const whole = (content: string) => s3().send(new PutObjectCommand({ Bucket, Key, Body: content }))

test.each([
  { how: 'small, deleted', store: whole, length: 5, change: remove },
  { how: 'large, deleted', store: whole, length: 70_000, change: remove },
  { how: 'large, overwritten', store: whole, length: 70_000, change: overwrite },
  { how: 'in parts, deleted', store: inParts, length: 70_000, change: remove },
])('an object that was found is read to its end, whatever becomes of it: $how', async ({ store, length, change }) => {
  const content = 'x'.repeat(length)
  await store(content)
  const { Body } = await getObject(whileKeyIsAsked(change))({ Bucket, Key }, ctx)
  expect(await text(Body as AsyncIterable<Uint8Array>)).toBe(content)
  await expect.poll(() => bench().storedBytes()).toHaveLength(change === overwrite ? 1 : 0)
})

test('so is the source of a copy', async () => {
  const content = 'x'.repeat(70_000)
  await inParts(content)
  await copyObject(whileKeyIsAsked(remove))({ Bucket, Key: 'copy', CopySource: `${Bucket}/${Key}` }, ctx)
  const { Body } = await getObject(s3Parts(bench().deps))({ Bucket, Key: 'copy' }, ctx)
  expect(await text(Body as AsyncIterable<Uint8Array>)).toBe(content)
})

test('a read that is refused keeps nothing', async () => {
  await whole('x'.repeat(70_000))
  const refused = getObject(s3Parts(bench().deps))({ Bucket, Key, IfMatch: '"other"' }, ctx)
  await expect(refused).rejects.toMatchObject({ code: 'PreconditionFailed' })
  await remove()
  await expect.poll(() => bench().storedBytes()).toEqual([])
})
