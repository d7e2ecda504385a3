import { createCipheriv } from 'node:crypto'
import { expect, test } from 'vitest'
import { giveBack } from '#kernel/memory.ts'

const LARGE = 64 * 1024

test('bytes that have their memory to themselves are gone, and a second time is no error', () => {
  const own = createCipheriv('aes-256-gcm', Buffer.alloc(32), Buffer.alloc(12)).update(Buffer.alloc(LARGE))
  giveBack(own)
  giveBack(own)
  expect(own.byteLength).toBe(0)
})

test.each([
  { name: 'a part of a buffer', bytes: () => Buffer.alloc(2 * LARGE).subarray(LARGE) },
  { name: 'what is in a pool', bytes: () => Buffer.from('pooled') },
  { name: 'memory that threads share', bytes: () => new Uint8Array(new SharedArrayBuffer(LARGE)) },
])('$name stays what it is', ({ bytes }) => {
  const kept = bytes()
  const { byteLength } = kept
  giveBack(kept)
  expect(kept.byteLength).toBe(byteLength)
})
