import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TemplateError, parseTemplate, resolveTemplate, variablesOf } from './template.ts'

const resolveWith = (text: string, values: Readonly<Record<string, string>>): string | undefined =>
  resolveTemplate(parseTemplate(text, '2012-10-17'), ({ name, fallback }) =>
    Object.hasOwn(values, name) ? values[name] : fallback,
  )
    ?.map((piece) => (piece.literal ? `<${piece.text}>` : piece.text))
    .join('')

test.each([
  ['plain', 'plain'],
  ['a/${aws:username}/b', 'a/<ada>/b'],
  ['${aws:username}', '<ada>'],
  ['${aws:username}${aws:username}', '<ada><ada>'],
  ['${AWS:UserName}', '<ada>'],
  ["${aws:missing, 'nobody'}", '<nobody>'],
  ["${aws:missing, ''}", '<>'],
  ["${aws:missing, 'a}b'}", '<a}b>'],
  ["${aws:username, 'nobody'}", '<ada>'],
  ['${*}${?}${$}', '<*><?><$>'],
  ['${$}{aws:username}', '<$>{aws:username}'],
  ['$aws:username}', '$aws:username}'],
  ['${aws:missing}', undefined],
])('%s becomes %s', (text, expected) => {
  expect(resolveWith(text, { 'aws:username': 'ada' })).toBe(expected)
})

test.each(['${', 'a${aws:username', '${}', '${ }', "${aws:x, 'a"])('%s is refused', (text) => {
  expect(() => parseTemplate(text, '2012-10-17')).toThrow(TemplateError)
})

test('version 2008-10-17 leaves every text as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('$', '{', '}', 'a', "'", ',') }), (text) => {
      expect(parseTemplate(text, '2008-10-17').constant).toEqual([{ text, literal: false }])
    }),
  )
})

test('a value is put in as literal text, whatever it holds', () => {
  fc.assert(
    fc.property(fc.string(), (value) => {
      const pieces = resolveTemplate(parseTemplate('a${k}b', '2012-10-17'), () => value)
      expect(pieces).toEqual([
        { text: 'a', literal: false },
        { text: value, literal: true },
        { text: 'b', literal: false },
      ])
    }),
  )
})

test('names its variables as they are written', () => {
  const keys = variablesOf(parseTemplate("${aws:PrincipalTag/Team}/${*}/${k, 'x'}", '2012-10-17')).map(({ key }) => key)
  expect(keys).toEqual(['aws:PrincipalTag/Team', 'k'])
})
