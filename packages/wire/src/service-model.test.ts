import { expect, test } from 'vitest'
import { serviceModel } from './service-model.ts'

test('the facts of a service', () => {
  expect(serviceModel('mq')).toMatchObject({ signingName: 'mq', apiVersion: '2017-11-27', protocol: 'rest-json-1' })
  expect(serviceModel('logs').operations).toContain('PutLogEvents')
  expect(serviceModel('logs')).toBe(serviceModel('logs'))
})

test('exactly the operations that AWS serves unsigned need no signature', () => {
  const optional = (['logs', 'mq', 'cloudtrail', 'iam', 'sts'] as const).flatMap((service) =>
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
