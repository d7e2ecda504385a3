import { expect, test } from 'vitest'
import { accountId, region } from '#kernel/ids.ts'
import { keyQuota } from '#services/kms/keys/quota.ts'
import { openKmsBench } from '../../../../../testkit/src/kms-bench.ts'

test('no more keys than the quota, of however many asked for at once; a key that ends makes room', async () => {
  const bench = await openKmsBench()
  try {
    const quota = keyQuota(bench.records, 3)
    const place = { account: accountId('111122223333'), region: region('eu-west-1') }
    const key = (id: number) => ({ collection: 'kms.key', ...place, id: String(id) })
    const make = (id: number) => quota.commitNew(place, [{ kind: 'put', key: key(id), value: {}, expect: 0 }])
    const results = await Promise.allSettled([1, 2, 3, 4, 5].map(make))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
    await expect(make(6)).rejects.toMatchObject({ code: 'LimitExceededException' })
    await quota.commitEnd(place, [{ kind: 'delete', key: key(1) }])
    await make(6)
    await expect(make(7)).rejects.toMatchObject({ code: 'LimitExceededException' })
    expect(await bench.records.listAll('kms.key')).toHaveLength(3)
  } finally {
    await bench.close()
  }
})
