import { expect, test } from 'vitest'
import { region } from '#kernel/ids.ts'
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

test('its records name it and stand in the region of the call', () => {
  expect({ eventSource: service.eventSource, global: service.global }).toEqual({
    eventSource: 'monitoring.amazonaws.com',
    global: false,
  })
})
