import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  delimitedNumberReader,
  delimitedReader,
  delimitedValues,
  hasField,
} from '#services/logs/patterns/delimited/evaluate.ts'
import { numberOf } from '#services/logs/patterns/compared-value.ts'
import { parseDelimitedPattern } from '#services/logs/patterns/delimited/parse.ts'
import { compileFilterPattern, extractedValues } from '#services/logs/patterns/evaluate.ts'
import { MessageView } from '#services/logs/patterns/message-view.ts'

const LINE = '127.0.0.1 Prod frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534'
const matches = (pattern: string, message: string): boolean => compileFilterPattern(pattern).matches(message)
const values = (pattern: string, message: string) =>
  Object.fromEntries(extractedValues(compileFilterPattern(pattern).pattern, new MessageView(message)))

test.each([
  ['[]', true],
  ['[...]', true],
  ['[ip, user, username, timestamp, request, status_code, bytes]', true],
  ['[ip, user, username, timestamp, request, status_code]', true],
  ['[ip, user, username, timestamp, request, status_code=404]', false],
  ['[ip, user, username, timestamp, request, status_code, bytes, more]', false],
  ['[ip, ..., bytes > 1000]', true],
  ['[ip, ..., bytes > 1534]', false],
  ['[ip, ..., bytes >= 1.534e3]', true],
  ['[..., status_code = 4*, bytes]', true],
  ['[..., status_code = 404, bytes]', true],
  ['[..., status_code = 404.0, bytes]', true],
  ['[..., status_code != 404, bytes]', false],
  ['[..., status_code = "404", bytes]', true],
  ['[..., request=*.html*, status_code=4*,]', true],
  ['[..., request=*.html*, status_code=5*,]', false],
  ['[..., request=*.html*, status_code=4*]', false],
  ['[ip=%127\\.0\\.0\\.[1-9]%, ...]', true],
  ['[ip!=%127\\.0\\.0\\.[1-9]%, ...]', false],
  ['[ip, user=Prod || user=Test, ...]', true],
  ['[ip, user!=Prod && user!=Test, ...]', false],
  ['[ip, user=Dev || user=Test, ...]', false],
  ['[ip, user > 1, ...]', false],
  ['[ip, user != 1, ...]', true],
  ['[ip, user = 1, ...]', false],
  ['[..., a, b, c, d, e, f, g]', true],
  ['[..., a, b, c, d, e, f, g, h]', false],
])('%s on the sample line: %s', (pattern, want) => {
  expect(matches(pattern, LINE)).toBe(want)
})

test('a last name that may be anything takes the rest of the line', () => {
  expect(matches('[w1=ERROR, w2]', 'ERROR many more words [and so] on')).toBe(true)
  expect(matches('[w1=ERROR, w2]', 'ERROR')).toBe(false)
  expect(matches('[w1=ERROR, w2=*]', 'ERROR many more')).toBe(false)
  expect(values('[w1=ERROR, w2]', 'ERROR many more words [and so] on ')).toEqual({
    $w1: 'ERROR',
    $w2: 'many more words [and so] on',
  })
  expect(values('[w1, w2]', 'ERROR [one field]')).toEqual({ $w1: 'ERROR', $w2: 'one field' })
})

test.each([
  ['[w1=ERROR || w1=WARNING, w2]', 'ERROR in broker 1', true],
  ['[w1=ERROR || w1=WARNING, w2]', 'WARNING in broker 1', true],
  ['[w1=ERROR || w1=WARNING, w2]', 'INFO in broker 1', false],
  ['[w1!=ERROR && w1!=WARNING, w2]', 'INFO in broker 1', true],
  ['[w1!=ERROR && w1!=WARNING, w2]', 'WARNING in broker 1', false],
])('the guide’s example %s on %j: %s', (pattern, message, want) => {
  expect(matches(pattern, message)).toBe(want)
})

test('fields go by their names, and by their numbers where they have none', () => {
  expect(values('[..., size]', LINE)).toEqual({
    $1: '127.0.0.1',
    $2: 'Prod',
    $3: 'frank',
    $4: '10/Oct/2000:13:25:15 -0700',
    $5: 'GET /index.html HTTP/1.0',
    $6: '404',
    $size: '1534',
  })
  expect(values('[..., request=*.html*, status_code=4*,]', LINE)).toEqual({
    $1: '127.0.0.1',
    $2: 'Prod',
    $3: 'frank',
    $4: '10/Oct/2000:13:25:15 -0700',
    $request: 'GET /index.html HTTP/1.0',
    $status_code: '404',
    $7: '1534',
  })
  expect(Object.keys(values('[]', LINE))).toEqual(['$1', '$2', '$3', '$4', '$5', '$6', '$7'])
})

test.each([
  ['[ip, size]', '$size', true],
  ['[ip, size]', '$1', false],
  ['[ip, size]', '$3', false],
  ['[ip, , size]', '$2', true],
  ['[ip, ..., size]', '$2', true],
  ['[ip, ..., size]', '$1', false],
  ['[]', '$7', true],
  ['[]', '$0', false],
  ['[]', '$name', false],
  ['[ip]', '$.ip', false],
])('%s can give %s: %s', (pattern, reference, want) => {
  expect(hasField(parseDelimitedPattern(pattern), reference)).toBe(want)
})

// The rule again, slowly: every way to lay the positions over the fields is tried.

interface Condition {
  readonly operator: string
  readonly value: string
}
interface Position {
  readonly name: string
  readonly any: readonly Condition[]
}
const ELLIPSIS = 'ellipsis'
type Part = Position | typeof ELLIPSIS

const fields = fc.array(fc.constantFrom('a', 'ab', 'ba', '1', '2.0', '-1', 'a b', '', 'x]y'), { maxLength: 5 })
const conditions = fc.oneof(
  fc.record({
    operator: fc.constantFrom('=', '!='),
    value: fc.constantFrom('a', 'a*', '*a', '*b*', '*', '1', '2', '"a b"', '""'),
  }),
  fc.record({ operator: fc.constantFrom('<', '<=', '>', '>='), value: fc.constantFrom('1', '2e0', '-.5') }),
)
const positions = fc.record({
  name: fc.constantFrom('n', 'm', 'o'),
  any: fc.array(conditions, { maxLength: 2 }),
})
const patterns = fc
  .tuple(fc.array(positions, { maxLength: 4 }), fc.option(fc.nat(4)))
  .map(([all, at]): readonly Part[] => (at === null ? all : [...all.slice(0, at), ELLIPSIS, ...all.slice(at)]))
  .filter((parts) => parts.length > 0)

const spell = (parts: readonly Part[]): string =>
  `[${parts
    .map((part) =>
      part === ELLIPSIS
        ? '...'
        : part.any.length === 0
          ? part.name
          : part.any.map(({ operator, value }) => `${part.name} ${operator} ${value}`).join(' || '),
    )
    .join(', ')}]`

const write = (field: string, at: number): string =>
  field === '' || field.includes(' ') ? (at % 2 === 0 ? `"${field}"` : `[${field}]`) : field

function fits({ any }: Position, field: string): boolean {
  if (any.length === 0) return true
  return any.some(({ operator, value }) => {
    const wanted = value.replaceAll('"', '')
    const numbers = value !== '""' && !Number.isNaN(Number(wanted)) && /^[-\d.]+$/.test(field)
    if (operator === '=' || operator === '!=') {
      const expression = new RegExp(
        `^${wanted
          .replace(/^\*+$/, '.*')
          .replace(/^\*(?=[a-z])/, '.*')
          .replace(/(?<=[a-z])\*$/, '.*')}$`,
      )
      const equal = numbers ? Number(wanted) === Number(field) : expression.test(field)
      return equal === (operator === '=')
    }
    const [left, right] = [Number(field), Number(wanted)]
    const holds = { '<': left < right, '<=': left <= right, '>': left > right, '>=': left >= right }[operator]
    return numbers && holds === true
  })
}

function covers(parts: readonly Part[], all: readonly string[]): boolean {
  const [part, ...others] = parts
  const [field, ...rest] = all
  if (part === undefined) return all.length === 0
  if (part === ELLIPSIS) return covers(others, all) || (field !== undefined && covers(parts, rest))
  return field !== undefined && fits(part, field) && covers(others, rest)
}

function reference(parts: readonly Part[], all: readonly string[]): boolean {
  if (covers(parts, all)) return true
  const last = parts.at(-1)
  if (parts.includes(ELLIPSIS) || last === undefined || last === ELLIPSIS || last.any.length > 0) return false
  return covers([...parts, ELLIPSIS], all)
}

const passes = (pattern: string, text: string): boolean => {
  const { include, exclude, any } = compileFilterPattern(pattern).containing ?? { include: [], exclude: [], any: [] }
  return (
    include.every((each) => text.includes(each)) &&
    !exclude.some((each) => text.includes(each)) &&
    (any.length === 0 || any.some((each) => text.includes(each)))
  )
}

test('the evaluator answers as the rule says, and what the journal is asked for holds every match', () => {
  const count = { matched: 0, heldBack: 0 }
  fc.assert(
    fc.property(patterns, fields, (parts, all) => {
      const message = all.map(write).join('  ')
      const want = reference(parts, all)
      expect(matches(spell(parts), message)).toBe(want)
      if (want) expect(passes(spell(parts), message)).toBe(true)
      count.matched += want ? 1 : 0
      count.heldBack += passes(spell(parts), message) ? 0 : 1
    }),
    { numRuns: 6_000, seed: 9 },
  )
  expect(count.matched).toBeGreaterThan(600)
  expect(count.heldBack).toBeGreaterThan(200)
})

test('a field read by itself is the one among all values, and a number the one that its text writes', () => {
  const patterns = ['[]', '[a]', '[a, b]', '[a, , c]', '[a=x, ...]', '[a, ..., y, z]', '[..., z]', '[a, , ..., , z]']
  const references = ['$a', '$b', '$c', '$y', '$z', '$1', '$2', '$3', '$4', '$9']
  const message = fc
    .array(fc.constantFrom('x', 'y z', '[q r]', '"s"', '[t', '12', '[3.5]', '"-4e1"', '"7"'), { maxLength: 6 })
    .map((parts) => parts.join(' '))
  fc.assert(
    fc.property(fc.constantFrom(...patterns), fc.constantFrom(...references), message, (written, reference, text) => {
      const pattern = parseDelimitedPattern(written)
      const values = delimitedValues(pattern, new MessageView(text))
      const read = delimitedReader(pattern, reference)?.(new MessageView(text))
      expect(read).toBe(values.find(([name]) => name === reference)?.[1])
      const number = delimitedNumberReader(pattern, reference)?.(new MessageView(text))
      expect(number).toBe(read === undefined ? undefined : numberOf(read))
    }),
    { seed: 6, numRuns: 500 },
  )
})
