import { expect, test } from 'vitest'
import { familyOf } from '../families.ts'
import { SERVICE_IDS, loadModel } from '../model/load.ts'
import type { SimpleShape } from '../model/model.ts'
import { compilePattern, constraintsOf, sureValues } from './constraints.ts'

const patterns = SERVICE_IDS.flatMap((service) =>
  Object.entries(loadModel(service).shapes).flatMap(([name, shape]) =>
    'pattern' in shape && shape.pattern !== undefined ? [{ name: `${service} ${name}`, pattern: shape.pattern }] : [],
  ),
)

test.each(patterns)('the pattern of $name compiles and matches whole values only', ({ pattern }) => {
  const expression = compilePattern(pattern)
  expect(expression.source.startsWith('^(?:')).toBe(true)
  expect(expression.source.endsWith(')$')).toBe(true)
})

test("Java's (?s) makes the dot match line breaks", () => {
  expect(compilePattern('(?s).*').test('a\nb')).toBe(true)
  expect(compilePattern('.*').test('a\nb')).toBe(false)
})

test('what surely fits does fit', () => {
  let sure = 0
  for (const shape of [{}, { min: 0 }, { min: 1, max: 4 }, { min: 3, max: 4 }, { max: 2 }] as const) {
    const string: SimpleShape = { type: 'string', ...shape }
    const { shortest, longest, least, most } = sureValues(string)
    expect(least).toBeGreaterThan(most)
    const { fits } = constraintsOf(string, familyOf('logs'))
    for (const unit of ['a', '😀']) {
      for (let count = 0; count < 8; count++) {
        const text = unit.repeat(count)
        if (text.length < shortest || text.length > longest) continue
        sure++
        expect(fits(text)).toBe(true)
      }
    }
  }
  expect(sure).toBeGreaterThan(20)
})

test('of integers, those of the type and of the range are sure, of other shapes nothing is', () => {
  const range = (shape: SimpleShape): readonly number[] => [sureValues(shape).least, sureValues(shape).most]
  expect(range({ type: 'integer' })).toEqual([1 - 2 ** 31, 2 ** 31 - 1])
  expect(range({ type: 'long', min: 0 })).toEqual([0, Number.MAX_SAFE_INTEGER])
  expect(range({ type: 'long', min: -5, max: 10 })).toEqual([-5, 10])
  for (const shape of [
    { type: 'string', pattern: 'a' },
    { type: 'string', enum: ['a'] },
    { type: 'double', min: 0 },
    { type: 'timestamp' },
    { type: 'boolean' },
  ] satisfies SimpleShape[]) {
    const { shortest, longest, least, most } = sureValues(shape)
    expect(shortest > longest && least > most).toBe(true)
  }
})

test('a pattern without a length of its own still refuses what is far too long', () => {
  const { fits } = constraintsOf({ type: 'string', pattern: 'a*' }, familyOf('iam'))
  expect(fits('a'.repeat(1_000))).toBe(true)
  expect(fits('a'.repeat(300_000))).toBe(false)
})

test('secrets are never shown', () => {
  const { check } = constraintsOf({ type: 'string', max: 2, sensitive: true }, familyOf('iam'))
  const shown: unknown[] = []
  check('hunter2', { reject: (_depth: number, _text: string, value: unknown) => shown.push(value) } as never, 0)
  expect(shown).toEqual([undefined])
})
