import { expect, test } from 'vitest'
import { compileFilterPattern } from '#services/logs/patterns/evaluate.ts'

const literals = (pattern: string) => compileFilterPattern(pattern).containing
const any = (...texts: readonly string[]) => ({ include: [], exclude: [], any: texts })
const all = (...texts: readonly string[]) => ({ include: texts, exclude: [], any: [] })

test.each([
  // A value tells more than the name of a member, which most messages of a group have.
  ['{ $.eventName = "X" }', any('"X"', '\\')],
  ['{ $.a = "x*" }', any('"x', '\\')],
  ['{ $.a = *x }', any('x"', '\\')],
  ['{ $.a = *x* }', any('x', '\\')],
  ['{ $.a.bc = 1 }', any('"bc"', '\\')],
  ['{ $.a > 1 }', any('"a"', '\\')],
  ['{ $.a != "x" }', any('"a"', '\\')],
  ['{ $.a = %x% }', any('"a"', '\\')],
  ['{ $.a = %ab[0-9]cde% }', any('cde', '\\')],
  ['{ $.a != %abc% }', any('"a"', '\\')],
  ['{ $.a = %say \\"% }', { include: ['\\'], exclude: [], any: ['"a"', '\\'] }],
  ['{ $.a IS NULL }', any('"a"', '\\')],
  // What JSON can only write with an escape needs a backslash in any case.
  ['{ $.a = "say \\"x\\"" }', { include: ['\\'], exclude: [], any: ['"a"', '\\'] }],
  ['{ $.a = "x" && $.b = "longer" }', any('"longer"', '\\')],
  ['{ $.a = "x" || $.b = "y" }', any('"x"', '\\', '"y"')],
  ['{ $.a = "x" || $.b > 1 }', any('"x"', '\\', '"b"')],
  ['{ $.a = "x" || $.b NOT EXISTS }', all('{')],
  ['{ $.a NOT EXISTS }', all('{')],
  ['{ $.*[0] = 1 }', all('{')],
  ['[w=ERROR, ..., x=*timeout*]', all('ERROR', 'timeout')],
  ['[w=ERROR || w=WARN]', any('ERROR', 'WARN')],
  ['[w=ERROR || w=WARN, x=y]', { include: ['y'], exclude: [], any: ['ERROR', 'WARN'] }],
  ['[w=ERROR || w!=WARN]', all()],
  ['[w=%ab[0-9]cde%, x!=%abc%]', all('cde', 'ab')],
  ['%ab[0-9]cde% x', all('cde', 'ab', 'x')],
  ['?%ab[0-9]cde% ?x', any('cde', 'x')],
  ['?%[0-9]% ?x', all()],
  ['x -%abc%', all('x')],
  ['[w=404, x>1, y=%z%, v=*]', all()],
])('%s asks the journal for what every match contains', (pattern, want) => {
  expect(literals(pattern)).toEqual(want)
})

test('more alternatives than are worth it are not asked for', () => {
  const pattern = (count: number) => `[${Array.from({ length: count }, (_, at) => `w=v${String(at)}`).join(' || ')}]`
  expect(literals(pattern(16))?.any).toHaveLength(16)
  expect(literals(pattern(17))?.any).toEqual([])
})
