import type { Service } from '#kernel/service.ts'

const KEY = 'x-amz-server-side-encryption-customer-key'
const SOURCE_KEY = 'x-amz-copy-source-server-side-encryption-customer-key'

/** Keys that clients send with their objects. */
export const S3_SECRETS: Service<'s3'>['secrets'] = {
  PutObject: [KEY],
  GetObject: [KEY],
  HeadObject: [KEY],
  GetObjectAttributes: [KEY],
  CopyObject: [KEY, SOURCE_KEY],
  CreateMultipartUpload: [KEY],
  UploadPart: [KEY],
  UploadPartCopy: [KEY, SOURCE_KEY],
  CompleteMultipartUpload: [KEY],
  ListParts: [KEY],
}
