import { expect, test } from 'vitest'
import { type Services, openRegistry } from '#gateway/registry.ts'
import { needs } from '../../../testkit/src/gateway-bench.ts'
import { getCallerIdentity } from '#services/sts/operations/get-caller-identity.ts'
import { unbuiltServices } from '#services/unbuilt.ts'

const empty = { operations: {}, access: {}, secrets: {}, eventSource: 'x.amazonaws.com', global: false } as const

const services = (changes: Partial<Services> = {}): Services => ({
  ...unbuiltServices,
  logs: { ...empty, name: 'logs' },
  mq: { ...empty, name: 'mq' },
  s3: { ...empty, name: 's3' },
  kms: { ...empty, name: 'kms' },
  cloudwatch: { ...empty, name: 'cloudwatch' },
  iam: { ...empty, name: 'iam' },
  sts: {
    ...empty,
    name: 'sts',
    operations: { GetCallerIdentity: getCallerIdentity },
    access: { GetCallerIdentity: { category: 'management', readOnly: true, checks: 'none' } },
  },
  cloudtrail: { ...empty, name: 'cloudtrail' },
  ...changes,
})

const logs = (changes: object): Services => services({ logs: { ...empty, name: 'logs', ...changes } })

test('a built operation is found with its handler, permission and secrets', () => {
  const handler = () => ({})
  const access = needs('logs:CreateLogGroup')
  const registry = openRegistry(
    logs({
      operations: { CreateLogGroup: handler },
      access: { CreateLogGroup: access },
      secrets: { CreateLogGroup: ['kmsKeyId'] },
    }),
  )
  expect(registry.find('logs', 'CreateLogGroup')).toEqual({ handler, access, secrets: ['kmsKeyId'] })
  expect(registry.find('sts', 'GetCallerIdentity')?.secrets).toEqual([])
})

test.each(['DeleteLogGroup', 'toString', '__proto__', 'constructor', ''])(
  '%j, which nobody built, is not found',
  (operation) => {
    expect(openRegistry(services()).find('logs', operation)).toBeUndefined()
  },
)

test('an operation of one service is not found in another', () => {
  expect(openRegistry(services()).find('logs', 'LookupEvents')).toBeUndefined()
})

test('whatever does not fit the models stops the start, all of it in one message', () => {
  const handler = () => ({})
  const access = needs('x')
  const open = () =>
    openRegistry(
      logs({
        operations: { CreateLogGroup: handler, CreateLogGruop: handler },
        access: { DeleteLogGroup: access, CreateLogGruop: access },
      }),
    )
  expect(open).toThrow(
    'the services do not fit their models: logs CreateLogGroup has a handler but no access entry; ' +
      'logs CreateLogGruop is not in the model; logs DeleteLogGroup has an access entry but no handler',
  )
})
