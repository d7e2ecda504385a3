import { expect, test } from 'vitest'
import { region } from '#kernel/ids.ts'
import type { OperationAccess } from '#kernel/service.ts'
import { openCloudwatchBench } from '../../../../testkit/src/cloudwatch-bench.ts'
import { ACCOUNT, rootOf } from '#services/iam/test-bench.ts'

const { service } = openCloudwatchBench()
const scope = { account: ACCOUNT, region: region('us-east-1'), principal: rootOf(ACCOUNT) }

test('every operation that was built says who may call it', () => {
  expect(Object.keys(service.access)).toEqual(Object.keys(service.operations))
})

test('writing metrics asks for its permission with the namespace, so that policies can name one', async () => {
  const { PutMetricData: access } = service.access
  if (typeof access?.checks !== 'function') throw new Error('the operation asks for no permission')
  expect(await access.checks({ Namespace: 'Shop' }, scope)).toEqual([
    { action: 'cloudwatch:PutMetricData', resource: '*', context: { 'cloudwatch:namespace': 'Shop' } },
  ])
  expect(access).toMatchObject({ category: 'data', readOnly: false })
})

async function checksOf<I>(access: OperationAccess<I> | undefined, input: I) {
  if (typeof access?.checks !== 'function') throw new Error('the operation asks for no permission')
  return { checks: await access.checks(input, scope), resources: access.resources?.(input, undefined, scope) }
}
const ARN = 'arn:aws:cloudwatch:us-east-1:111122223333:alarm'

test('alarms are asked for by name, and all of them when none is named', async () => {
  const named = await checksOf(service.access.DeleteAlarms, { AlarmNames: ['a', 'b'] })
  expect(named).toEqual({
    checks: ['a', 'b'].map((name) => ({ action: 'cloudwatch:DeleteAlarms', resource: `${ARN}:${name}` })),
    resources: ['a', 'b'].map((name) => ({ type: 'AWS::CloudWatch::Alarm', name: `${ARN}:${name}` })),
  })
  expect(await checksOf(service.access.DescribeAlarms, {})).toEqual({
    checks: [{ action: 'cloudwatch:DescribeAlarms', resource: `${ARN}:*` }],
    resources: [],
  })
  expect((await checksOf(service.access.DeleteAlarms, { AlarmNames: [] })).checks).toHaveLength(1)
})

test('policies can name what an alarm may do in any state, and its tags, which need their own permission', async () => {
  const { checks } = await checksOf(service.access.PutMetricAlarm, {
    AlarmName: 'a',
    AlarmActions: ['x'],
    OKActions: ['y'],
    InsufficientDataActions: ['z'],
    Tags: [{ Key: 'team', Value: 'shop' }],
  })
  const tags = { 'aws:RequestTag/team': 'shop', 'aws:TagKeys': ['team'] }
  expect(checks).toEqual([
    {
      action: 'cloudwatch:PutMetricAlarm',
      resource: `${ARN}:a`,
      context: { ...tags, 'cloudwatch:AlarmActions': ['x', 'y', 'z'] },
    },
    { action: 'cloudwatch:TagResource', resource: `${ARN}:a`, context: tags },
  ])
})

test('its records name it and stand in the region of the call', () => {
  expect({ eventSource: service.eventSource, global: service.global }).toEqual({
    eventSource: 'monitoring.amazonaws.com',
    global: false,
  })
})
