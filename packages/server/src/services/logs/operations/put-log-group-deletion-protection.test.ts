import { expect, test } from 'vitest'
import { openLogsBench } from '../../../../../testkit/src/logs-bench.ts'

test('protection can be turned on by name and by ARN, and only for a group that exists', async () => {
  const bench = openLogsBench()
  const arn = `arn:aws:logs:${bench.region}:${bench.account}:log-group:g`
  const missing = bench.call('PutLogGroupDeletionProtection', {
    logGroupIdentifier: 'g',
    deletionProtectionEnabled: true,
  })
  await expect(missing).rejects.toThrow('The specified log group does not exist.')
  await bench.call('CreateLogGroup', { logGroupName: 'g' })
  await bench.call('PutLogGroupDeletionProtection', { logGroupIdentifier: arn, deletionProtectionEnabled: true })
  await expect(bench.call('DeleteLogGroup', { logGroupName: 'g' })).rejects.toThrow(/deletion protection enabled/)
  await bench.call('PutLogGroupDeletionProtection', { logGroupIdentifier: 'g', deletionProtectionEnabled: false })
  await bench.call('DeleteLogGroup', { logGroupName: 'g' })
  await bench.close()
})
