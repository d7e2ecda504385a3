import { expect, test } from 'vitest'
import { Cursor, MAX_DEPTH, Malformed } from './cursor.ts'

test('recursive shapes end at the greatest depth', () => {
  const cursor = new Cursor()
  cursor.path.push('filter', 0, 'and')
  expect(() => cursor.descend(MAX_DEPTH)).not.toThrow()
  expect(() => cursor.descend(MAX_DEPTH + 1)).toThrow(Malformed)
})

test('a path names members, and items from one on', () => {
  const cursor = new Cursor()
  cursor.path.push('logEvents', 1, 'message')
  expect([cursor.at(0), cursor.at(2), cursor.at(3)]).toEqual(['', 'logEvents.2.member', 'logEvents.2.member.message'])
})
