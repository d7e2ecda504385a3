import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Field, Fields } from '#services/logs/patterns/delimited/split.ts'

/** All fields of a message. */
function splitFields(...parameters: ConstructorParameters<typeof Fields>): readonly Field[] {
  const fields = new Fields(...parameters)
  return Array.from({ length: fields.length }, (_, index) => fields.at(index) ?? { text: '?', start: -1 })
}
const texts = (message: string): readonly string[] => splitFields(message).map(({ text }) => text)

test.each([
  { message: '', want: [] },
  { message: '  \t ', want: [] },
  { message: 'a', want: ['a'] },
  { message: ' a  b\tc ', want: ['a', 'b', 'c'] },
  {
    message: '127.0.0.1 Prod frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534',
    want: ['127.0.0.1', 'Prod', 'frank', '10/Oct/2000:13:25:15 -0700', 'GET /index.html HTTP/1.0', '404', '1534'],
  },
  { message: '"" []', want: ['', ''] },
  { message: 'a[b c] d"e f"', want: ['a[b', 'c]', 'd"e', 'f"'] },
  { message: '[a b', want: ['[a', 'b'] },
  { message: '"a b', want: ['"a', 'b'] },
  { message: '[a] "b', want: ['a', '"b'] },
  { message: '"a [b" c]', want: ['a [b', 'c]'] },
  { message: '[a]b', want: ['a', 'b'] },
])('$message has the fields $want', ({ message, want }) => {
  expect(texts(message)).toEqual(want)
})

test('a field knows where it begins, its bracket included', () => {
  expect(splitFields(' a [b c] d').map(({ start }) => start)).toEqual([1, 3, 9])
})

test('fields are found one by one, and no further than was asked for', () => {
  const looked: number[] = []
  const fields = new Fields('a [b c] "d" [e', (text, sign, from) => {
    looked.push(from)
    return text.indexOf(sign, from)
  })
  expect(fields.at(0)?.text).toBe('a')
  expect(looked).toEqual([])
  expect([fields.at(1)?.text, fields.at(0)?.text]).toEqual(['b c', 'a'])
  expect(looked).toEqual([3])
  expect([fields.length, fields.at(3)?.text, fields.at(4)]).toEqual([4, '[e', undefined])
})

test('any message is split into parts of itself, and nothing but blanks and marks is left out', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', 'é', ' ', '\t', '[', ']', '"') }), (message) => {
      const fields = splitFields(message)
      for (const { text, start } of fields) expect(message.slice(start, start + text.length + 1)).toContain(text)
      expect(fields.map(({ text }) => text.replaceAll(/[\s"[\]]/g, '')).join('')).toBe(
        message.replaceAll(/[\s"[\]]/g, ''),
      )
    }),
    { numRuns: 1_000 },
  )
})

test.each(['[ ', '" ', '[[', '""', ' ["', '[a" '])(
  'of a message of %j again and again no sign is looked at often',
  (part) => {
    const message = part.repeat(20_000)
    let looked = 0
    splitFields(message, (text, sign, from) => {
      const found = text.indexOf(sign, from)
      looked += (found === -1 ? text.length : found + 1) - from
      return found
    })
    expect(looked).toBeLessThanOrEqual(3 * message.length)
  },
)
