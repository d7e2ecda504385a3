import { expect, test } from 'vitest'
import { SERVICE_IDS } from './model/load.ts'
import { serviceModel } from './service-model.ts'

test('the facts of a service', () => {
  expect(serviceModel('mq')).toMatchObject({ signingName: 'mq', apiVersion: '2017-11-27', protocols: ['rest-json-1'] })
  expect(serviceModel('logs').operations).toContain('PutLogEvents')
  expect(serviceModel('logs')).toBe(serviceModel('logs'))
})

test('exactly the operations that AWS serves unsigned need no signature', () => {
  const optional = SERVICE_IDS.flatMap((service) =>
    serviceModel(service).operations.filter((name) => serviceModel(service).isOptionalAuth(name)),
  )
  expect(optional).toEqual(['AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity'])
  expect(serviceModel('sts').isOptionalAuth('constructor')).toBe(false)
})

test('two operations of Logs answer with an event stream', () => {
  const { operations, isEventStream } = serviceModel('logs')
  expect(operations.filter(isEventStream)).toEqual(['GetLogObject', 'StartLiveTail'])
  expect(isEventStream('toString')).toBe(false)
})

test('only what S3 stores is taken as a stream', () => {
  const streamed = SERVICE_IDS.flatMap((service) =>
    serviceModel(service).operations.filter((name) => serviceModel(service).isStreamed(name)),
  )
  expect(streamed).toEqual(['PutObject', 'PutObjectAnnotation', 'UploadPart'])
})

test('what S3 will not take without a checksum', () => {
  const { needsChecksum } = serviceModel('s3')
  expect(['DeleteObjects', 'PutBucketPolicy', 'PutObject'].map(needsChecksum)).toEqual([true, true, false])
})
