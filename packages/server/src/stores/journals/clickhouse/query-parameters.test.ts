import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parametersOf, unescapeParameter } from './query-parameters.ts'

/** As the stock client escapes a text. */
const escaped = (text: string): string =>
  text
    .replaceAll('\\', '\\\\')
    .replaceAll('\t', '\\t')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll("'", "\\'")

test('a value is what it was before the client escaped it', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('\\', 't', 'n', "'", '\n', '\t', '\r', '0', 'é', 'x') }), (text) => {
      expect(unescapeParameter(escaped(text))).toBe(text)
    }),
  )
})

test('parameters are told from other keys by their prefix', () => {
  expect(parametersOf(new URLSearchParams({ query_id: '1', param_a: 'x\\ty', param_b: '' }))).toEqual({
    a: 'x\ty',
    b: '',
  })
  expect(parametersOf(new URLSearchParams({ query: 'SELECT 1' }))).toBeUndefined()
})
