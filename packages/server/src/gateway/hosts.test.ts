import { expect, test } from 'vitest'
import { isKnownHost } from '#gateway/hosts.ts'

test.each([
  'localhost',
  'localhost:4566',
  'LOCALHOST:4566',
  'mq.localhost:4566',
  '127.0.0.1:4566',
  '10.1.2.3',
  '[::1]:4566',
  '[2001:db8::1]',
  'sluice.internal:4566',
  'Sluice.Internal',
  'bucket.sluice.internal:4566',
  'my.bucket.s3.sluice.internal',
])('%s is this platform', (header) => {
  expect(isKnownHost(header, 'sluice.internal')).toBe(true)
})

test.each(['streaming-localhost:4566', 'streaming-127.0.0.1:4566', 'stream-sluice.internal'])(
  '%s is this platform: clients put such a prefix before the host of a streaming call',
  (header) => {
    expect(isKnownHost(header, 'sluice.internal')).toBe(true)
  },
)

test.each([
  undefined,
  '',
  'evil.example',
  'evil.example:4566',
  'localhost.evil.example',
  'notlocalhost',
  '127.0.0.1.evil.example',
  'sluice.internal.evil.example',
  'notsluice.internal',
  'streaming-evil.example',
  'stream-.evil.example',
  '[::1.evil',
  ':4566',
])('%j is somebody else', (header) => {
  expect(isKnownHost(header, 'sluice.internal')).toBe(false)
})
