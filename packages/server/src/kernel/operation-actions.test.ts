import { decide, parsePolicy } from '@sluice/policy'
import { expect, test } from 'vitest'
import { accountId, region } from '#kernel/ids.ts'
import { operationActions, referenceChecks } from '#kernel/operation-actions.ts'

const scope = { account: accountId('111122223333'), region: region('eu-west-1') }

const mayCall = (service: string, operation: string, Action: string, Resource: string | readonly string[]): boolean => {
  const policy = parsePolicy(
    JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action, Resource } }),
    'identity',
  )
  return referenceChecks(service, operation, scope).every(
    (check) =>
      decide(
        {
          principal: { kind: 'user', account: scope.account, arn: 'arn:aws:iam::111122223333:user/ada' },
          ...check,
          resourceAccount: scope.account,
          context: {},
        },
        { identity: [{ name: 'p', policy }], resource: [] },
      ).allowed,
  )
}

test('asks for every resource of the kind in the account and Region of the caller', () => {
  expect(referenceChecks('mq', 'Promote', scope)).toEqual([
    { action: 'mq:Promote', resource: 'arn:aws:mq:eu-west-1:111122223333:broker:*:*' },
  ])
  expect(mayCall('mq', 'Promote', 'mq:Promote', '*')).toBe(true)
  expect(mayCall('mq', 'Promote', 'mq:*', 'arn:aws:mq:*:*:broker:*')).toBe(true)
  expect(mayCall('mq', 'Promote', 'mq:*', 'arn:aws:mq:eu-west-1:111122223333:broker:orders:*')).toBe(false)
  expect(mayCall('mq', 'Promote', 'mq:Describe*', '*')).toBe(false)
})

test('an operation on several resources needs them all', () => {
  const arn = (type: string): string => `arn:aws:logs:*:*:${type}:*`
  const all = ['delivery', 'delivery-source', 'delivery-destination'].map(arn)
  expect(mayCall('logs', 'CreateDelivery', 'logs:CreateDelivery', all)).toBe(true)
  for (const left of all)
    expect(
      mayCall(
        'logs',
        'CreateDelivery',
        'logs:CreateDelivery',
        all.filter((one) => one !== left),
      ),
    ).toBe(false)
})

test('every entry can be asked about: its resources are whole ARNs or everything', () => {
  for (const [service, operations] of Object.entries(operationActions()))
    for (const operation of Object.keys(operations)) {
      const checks = referenceChecks(service, operation, scope)
      expect(checks.length).toBeGreaterThan(0)
      for (const { resource } of checks) expect(resource === '*' || resource.split(':').length >= 6).toBe(true)
      expect(mayCall(service, operation, '*', '*')).toBe(true)
      expect(JSON.stringify(checks)).not.toContain('{region}')
    }
})

test('nothing is known of what is in no model', () => {
  expect(referenceChecks('mq', 'Levitate', scope)).toEqual([])
  expect(referenceChecks('levitation', 'Rise', scope)).toEqual([])
})
