import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyCharacter } from '@sluice/testkit/any-character.ts'
import { checkKey, isBucketName } from '#services/s3/buckets/names.ts'

test.each([
  'ab',
  'a'.repeat(64),
  'Upper',
  'under_score',
  '-dash',
  'dash-',
  '.dot',
  'two..dots',
  'dot.-dash',
  'dash-.dot',
  '192.168.5.4',
  'xn--x',
  'sthree-x',
  'amzn-s3-demo-x',
  'x-s3alias',
  'x--ol-s3',
  'x--x-s3',
  'x.mrap',
  '',
  'a b',
  'é12',
])('%j is no name of a bucket', (name) => {
  expect(isBucketName(name)).toBe(false)
})

test.each(['abc', 'a'.repeat(63), 'with.dots.x', 'with-dashes-1', '123', '1.2.3.4.5', '999.1.1.1.x'])(
  '%j is one',
  (name) => {
    expect(isBucketName(name)).toBe(true)
  },
)

test('no name of a bucket could be anything but a part of a path', () => {
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter, maxLength: 70 }), (name) => {
      if (isBucketName(name)) expect(name).toMatch(/^[a-z0-9.-]{3,63}$/)
    }),
    { seed: 1 },
  )
})

const problem = (key: string): string => {
  try {
    checkKey(key)
    return 'none'
  } catch (error) {
    return (error as Error).name
  }
}

test('a key is any text of 1 to 1,024 bytes without NUL', () => {
  expect(problem('x'.repeat(1_024))).toBe('none')
  expect(problem('é'.repeat(513))).toBe('KeyTooLongError')
  expect(problem('a\0b')).toBe('InvalidURI')
  expect(problem('\ud800')).toBe('InvalidURI')
  expect(problem('')).toBe('InvalidURI')
  expect(problem('../..')).toBe('none')
})
