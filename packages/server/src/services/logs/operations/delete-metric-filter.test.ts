import { expect, test } from 'vitest'
import { openLogsBench } from '../../../../../testkit/src/logs-bench.ts'

test('what is not there cannot be deleted', async () => {
  const bench = openLogsBench()
  const remove = (logGroupName: string, filterName = 'f') =>
    bench.call('DeleteMetricFilter', { logGroupName, filterName })
  await expect(remove('none')).rejects.toMatchObject({
    code: 'ResourceNotFoundException',
    message: 'The specified log group does not exist.',
  })
  await bench.call('CreateLogGroup', { logGroupName: 'g' })
  const missing = { code: 'ResourceNotFoundException', message: 'The specified metric filter does not exist.' }
  await expect(remove('g')).rejects.toMatchObject(missing)
  await expect(remove('g', '\ud800')).rejects.toMatchObject(missing)
  await bench.close()
})
