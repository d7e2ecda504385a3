import fc from 'fast-check'
import { expect, test } from 'vitest'
import { numberOf } from '#services/logs/patterns/compared-value.ts'
import { ByteSigns, type Signs, TextSigns } from '#services/logs/patterns/delimited/signs.ts'
import { Fields } from '#services/logs/patterns/delimited/split.ts'

/** A message as a text, and as bytes among others that would close what is open in it. */
function signsOf(message: string): readonly Signs[] {
  const bytes = Buffer.from(`"]${message}]" x`)
  return [new TextSigns(message), new ByteSigns({ bytes, start: 2, end: bytes.length - 4 })]
}
const textsOf = (fields: Fields): readonly string[] =>
  Array.from({ length: fields.length }, (_, index) => fields.text(index))
/** The fields of a message, which are the same in both forms. */
function texts(message: string): readonly string[] {
  const [ofText, ofBytes] = signsOf(message).map((signs) => textsOf(new Fields(signs)))
  expect(ofBytes).toEqual(ofText)
  return ofText as readonly string[]
}

/** Signs that tell from where closing ones are looked for, and how many signs that takes. */
function watched(signs: Signs, hear: (from: number, looked: number) => void): Signs {
  return {
    start: signs.start,
    end: signs.end,
    at: (place) => signs.at(place),
    text: (from, to) => signs.text(from, to),
    find: (sign, from) => {
      const found = signs.find(sign, from)
      hear(from - signs.start, Math.min(found + 1, signs.end) - from)
      return found
    },
  }
}

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

test('the rest of a message begins with a field, its bracket included', () => {
  for (const signs of signsOf(' a [b c] "d e" é ')) {
    const fields = new Fields(signs)
    expect(Array.from({ length: fields.length }, (_, index) => fields.rest(index))).toEqual([
      'a [b c] "d e" é ',
      '[b c] "d e" é ',
      '"d e" é ',
      'é ',
    ])
  }
})

test('fields are found one by one, and no further than was asked for', () => {
  for (const signs of signsOf('a [b c] "d" [e')) {
    const looked: number[] = []
    const fields = new Fields(watched(signs, (from) => looked.push(from)))
    expect([fields.has(0), fields.text(0)]).toEqual([true, 'a'])
    expect(looked).toEqual([])
    expect([fields.has(1), fields.text(1), fields.text(0)]).toEqual([true, 'b c', 'a'])
    expect(looked).toEqual([3])
    expect([fields.length, fields.text(3), fields.has(3), fields.has(4)]).toEqual([4, '[e', true, false])
  }
})

test('any message is split into parts of itself, and nothing but blanks and marks is left out', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', 'é', '🎉', ' ', '\t', '[', ']', '"') }), (message) => {
      const parts = texts(message)
      for (const signs of signsOf(message)) {
        const fields = new Fields(signs)
        expect(fields.has(parts.length)).toBe(false)
        for (const [index, text] of parts.entries()) {
          expect(message.endsWith(fields.rest(index))).toBe(true)
          expect(fields.rest(index).slice(0, text.length + 1)).toContain(text)
        }
      }
      expect(parts.map((text) => text.replaceAll(/[\s"[\]]/g, '')).join('')).toBe(message.replaceAll(/[\s"[\]]/g, ''))
    }),
    { numRuns: 1_000 },
  )
})

test.each(['[ ', '" ', '[[', '""', ' ["', '[a" '])(
  'of a message of %j again and again no sign is looked at often',
  (part) => {
    const message = part.repeat(20_000)
    for (const signs of signsOf(message)) {
      let all = 0
      void new Fields(watched(signs, (_, looked) => (all += looked))).length
      expect(all).toBeLessThanOrEqual(3 * message.length)
    }
  },
)

test.each(['0', '7', '0012', '99999999', '100000000', '123456789012345', '000000000000001'])(
  'the digits %s are a number',
  (digits) => {
    for (const signs of [digits, `[${digits}]`, `"${digits}"`].flatMap((written) => signsOf(`a ${written}`))) {
      const fields = new Fields(signs)
      expect([fields.has(1), fields.wholeNumber(1)]).toEqual([true, Number(digits)])
    }
  },
)

test('what is no digits, or too many of them, is no whole number; all others are the number that their text writes', () => {
  const digits = fc.string({ unit: fc.nat({ max: 9 }).map(String), minLength: 1, maxLength: 18, size: 'max' })
  const other = fc.constantFrom('""', '-1', '1.5', '1e3', '1 2', ':1', '/1', '1a', '¹', '[]')
  fc.assert(
    fc.property(fc.oneof(digits, other), (written) => {
      for (const signs of signsOf(written)) {
        const fields = new Fields(signs)
        expect(fields.has(0)).toBe(true)
        const number = fields.wholeNumber(0)
        const text = fields.text(0)
        expect(number).toBe(/^\d{1,15}$/.test(text) ? Number(text) : undefined)
        if (number !== undefined) expect(number).toBe(numberOf(text))
      }
    }),
    { seed: 15, numRuns: 500 },
  )
})
