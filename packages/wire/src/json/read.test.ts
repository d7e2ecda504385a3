import { expect, test } from 'vitest'
import { familyOf } from '../families.ts'
import { loadModel } from '../model/load.ts'
import { Cursor } from '../reading/cursor.ts'
import { TreeReaders } from './read.ts'

const reader = new TreeReaders(loadModel('logs'), familyOf('logs'), 'aws-json-1.1').reader('PutLogEventsRequest')

/** What is wrong with a request, and how many strings of it were met. */
function read(value: unknown): { readonly failures: readonly string[]; readonly strings: number } {
  const cursor = new Cursor()
  reader(value, cursor, 0)
  return { failures: cursor.failures.map(({ path }) => path), strings: cursor.strings }
}
const put = (logGroupName: string, messages: readonly string[] = ['m']): object => ({
  logGroupName,
  logStreamName: 's',
  logEvents: messages.map((message) => ({ timestamp: 1, message })),
})

test('a name that fitted is not taken for one that does not, whatever came between', () => {
  for (const [name, fits] of [
    ['group', true],
    ['group', true],
    ['gro*p', false],
    ['group', true],
    ['gro*p', false],
    ['g'.repeat(513), false],
    ['g'.repeat(512), true],
    ['', false],
    ['other', true],
  ] as const)
    expect(read(put(name)).failures.includes('logGroupName')).toBe(!fits)
})

test('a name is not remembered as fitting when no more failures were noted', () => {
  const many = Array.from({ length: 150 }, () => '')
  for (const _again of [1, 2]) {
    const request = put('gro*p', many) as Record<string, unknown>
    // The events come first: their failures fill the list.
    expect(read({ logEvents: request['logEvents'], ...request }).failures).toHaveLength(100)
    expect(read(put('gro*p')).failures).toEqual(['logGroupName'])
  }
})

test('a list is as long as it may be', () => {
  const events = (count: number): object =>
    put(
      'g',
      Array.from({ length: count }, () => 'm'),
    )
  expect(read(events(0)).failures).toEqual(['logEvents'])
  expect(read(events(1)).failures).toEqual([])
  expect(read(events(10_000)).failures).toEqual([])
  expect(read(events(10_001)).failures).toEqual(['logEvents'])
})

test('strings are counted wherever a reader meets them', () => {
  expect(read(put('g')).strings).toBe(3 + 2 + 2 + 1)
  // The members of a member that the model does not know are not looked at.
  expect(read({ ...put('g'), unknown: { a: 'b' }, other: 'c' }).strings).toBe(8 + 1 + 2)
  expect(read({ ...put('g'), entity: { keyAttributes: { Type: 'Service' } } }).strings).toBe(8 + 2 + 2)
})
