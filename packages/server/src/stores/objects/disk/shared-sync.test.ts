import { expect, test } from 'vitest'
import { sharedSync } from '#stores/objects/disk/shared-sync.ts'

/** Syncs that end when the test says so. */
function syncs() {
  const begun: { readonly path: string; readonly end: () => void; readonly fail: (reason: Error) => void }[] = []
  const sync = sharedSync((path) => {
    const { promise, resolve: end, reject: fail } = Promise.withResolvers<void>()
    begun.push({ path, end, fail })
    return promise
  })
  return { begun, sync }
}

test('who asks while a sync is under way gets one that begins after it, and all of them the same', async () => {
  const { begun, sync } = syncs()
  const first = sync('a')
  const later = [sync('a'), sync('a'), sync('a')]
  expect(begun).toHaveLength(1)
  begun[0]?.end()
  await first
  await expect.poll(() => begun.length).toBe(2)
  const last = sync('a')
  begun[1]?.end()
  await Promise.all(later)
  await expect.poll(() => begun.length).toBe(3)
  begun[2]?.end()
  await last
  expect(begun).toHaveLength(3)
})

test('folders do not wait for each other', () => {
  const { begun, sync } = syncs()
  void sync('a')
  void sync('b')
  expect(begun.map(({ path }) => path)).toEqual(['a', 'b'])
})

test('a sync that fails fails for those who waited for it, and for nobody else', async () => {
  const { begun, sync } = syncs()
  const first = sync('a')
  const second = sync('a')
  begun[0]?.fail(new Error('the disk is gone'))
  await expect(first).rejects.toThrow('the disk is gone')
  await expect.poll(() => begun.length).toBe(2)
  begun[1]?.end()
  await second
})
