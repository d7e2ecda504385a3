import fc from 'fast-check'
import { expect, test } from 'vitest'
import { escapeParameter, parametersOf, unescapeParameter, withParameters } from './query-parameters.ts'

/** As ClickHouse's own clients escape a text: a quote too. */
const quoted = (text: string): string => escapeParameter(text).replaceAll("'", "\\'")

test('a value is what it was before the client escaped it', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('\\', 't', 'n', "'", '\n', '\t', '\r', '0', 'é', 'x') }), (text) => {
      expect(unescapeParameter(escapeParameter(text))).toBe(text)
      expect(unescapeParameter(quoted(text))).toBe(text)
    }),
  )
})

test('parameters arrive as they were sent', () => {
  const parameters = { a: 'x\ty & z=1', b: '' }
  expect(parametersOf(withParameters(new URLSearchParams({ query_id: '1' }), parameters))).toEqual(parameters)
})

test('parameters are told from other keys by their prefix', () => {
  expect(parametersOf(new URLSearchParams({ query_id: '1', param_a: 'x\\ty', param_b: '' }))).toEqual({
    a: 'x\ty',
    b: '',
  })
  expect(parametersOf(new URLSearchParams({ query: 'SELECT 1' }))).toBeUndefined()
})
