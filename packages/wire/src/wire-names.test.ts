import { expect, test } from 'vitest'
import { TextColumns } from './json/text-columns.ts'
import { readInput } from './read-input.ts'
import { toWireNames } from './wire-names.ts'

test('REST members have their wire names, at every depth; unknown ones are left out', () => {
  const input = {
    BrokerName: 'b',
    Users: [{ Username: 'u', Password: 'p' }],
    Tags: { 'Any Key': 'v' },
    Logs: { General: true, Audit: undefined },
    revision: 4,
  }
  expect(toWireNames('mq', 'CreateBroker', 'input', input)).toEqual({
    brokerName: 'b',
    users: [{ username: 'u', password: 'p' }],
    tags: { 'Any Key': 'v' },
    logs: { general: true },
  })
})

test('a list that was read as columns is spelled like any other', () => {
  const input = { logGroupName: 'g', logStreamName: 's', logEvents: [{ timestamp: 1, message: 'é "m"' }] }
  const head = { method: 'POST', rawUrl: '/', headers: {} }
  const body = Buffer.from(JSON.stringify(input) + ' '.repeat(32_768))
  const read = readInput({ protocol: 'aws-json-1.1', service: 'logs', operation: 'PutLogEvents' }, head, body)
  expect(read['logEvents']).toBeInstanceOf(TextColumns)
  expect(toWireNames('logs', 'PutLogEvents', 'input', read)).toEqual(input)
})

test('other services have a small first letter; timestamps are ISO text', () => {
  expect(
    toWireNames('cloudtrail', 'LookupEvents', 'input', {
      StartTime: 0,
      LookupAttributes: [{ AttributeKey: 'EventName' }],
    }),
  ).toEqual({
    startTime: '1970-01-01T00:00:00.000Z',
    lookupAttributes: [{ attributeKey: 'EventName' }],
  })
  expect(toWireNames('iam', 'CreateUser', 'output', { User: { UserName: 'u', CreateDate: 1_000 } })).toEqual({
    user: { userName: 'u', createDate: '1970-01-01T00:00:01.000Z' },
  })
  expect(toWireNames('logs', 'CreateLogGroup', 'input', { logGroupName: 'g' })).toEqual({ logGroupName: 'g' })
})

test('S3 names headers, query strings and elements as they are sent, and bucket and key in its own way', () => {
  const put = { Bucket: 'b', Key: 'k', ACL: 'private', StorageClass: 'STANDARD', ServerSideEncryption: 'aws:kms' }
  expect(toWireNames('s3', 'PutObject', 'input', put)).toEqual({
    bucketName: 'b',
    key: 'k',
    'x-amz-acl': 'private',
    'x-amz-storage-class': 'STANDARD',
    'x-amz-server-side-encryption': 'aws:kms',
  })
  const versioning = { Bucket: 'b', VersioningConfiguration: { Status: 'Enabled' } }
  expect(toWireNames('s3', 'PutBucketVersioning', 'input', versioning)).toEqual({
    bucketName: 'b',
    VersioningConfiguration: { Status: 'Enabled' },
  })
  expect(toWireNames('s3', 'ListObjectsV2', 'input', { Bucket: 'b', Prefix: 'p/', MaxKeys: 7 })).toEqual({
    bucketName: 'b',
    prefix: 'p/',
    'max-keys': 7,
  })
  // What is below an element is spelled as it is there, a key of an object too.
  expect(toWireNames('s3', 'DeleteObjects', 'input', { Bucket: 'b', Delete: { Objects: [{ Key: 'k' }] } })).toEqual({
    bucketName: 'b',
    Delete: { Object: [{ Key: 'k' }] },
  })
})

test('blobs are base64', () => {
  expect(
    toWireNames('iam', 'CreateVirtualMFADevice', 'output', {
      VirtualMFADevice: { SerialNumber: 's', QRCodePNG: new Uint8Array([1, 2, 255]) },
    }),
  ).toEqual({
    virtualMFADevice: { serialNumber: 's', qRCodePNG: 'AQL/' },
  })
})

test('a side that the operation does not have is empty', () => {
  expect(toWireNames('logs', 'CreateLogGroup', 'output', { anything: 1 })).toEqual({})
})
