import { expect, test } from 'vitest'
import { JournalWriteFailed } from './journal-write-failed.ts'

test.each([
  { code: 'ENOSPC', reason: 'the disk is full' },
  { code: 'EDQUOT', reason: 'the disk quota is used up' },
  { code: 'EROFS', reason: 'the disk is read-only' },
  { code: 'EIO', reason: 'the disk reported an input/output error' },
  { code: 'EMFILE', reason: 'too many files are open' },
  { code: 'EOTHER', reason: 'write failed' },
])('$code is said in words that help', ({ code, reason }) => {
  const cause = Object.assign(new Error('write failed'), { code })
  const failure = new JournalWriteFailed(cause)
  expect(failure.message).toBe(`the events were not stored, because ${reason}; send them again once that is put right`)
  expect(failure.cause).toBe(cause)
})

test('anything that was thrown has a sentence', () => {
  expect(new JournalWriteFailed('odd').message).toContain('because odd;')
})
