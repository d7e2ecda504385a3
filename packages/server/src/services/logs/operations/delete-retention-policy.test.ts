import { expect, test } from 'vitest'
import { openLogsBench } from '../../../../../testkit/src/logs-bench.ts'

test('taking the retention of a group that has none succeeds, of a missing group it does not', async () => {
  const bench = openLogsBench()
  await bench.call('CreateLogGroup', { logGroupName: 'g' })
  expect(await bench.call('DeleteRetentionPolicy', { logGroupName: 'g' })).toEqual({})
  await expect(bench.call('DeleteRetentionPolicy', { logGroupName: 'no' })).rejects.toThrow(
    'The specified log group does not exist.',
  )
  await bench.close()
})
