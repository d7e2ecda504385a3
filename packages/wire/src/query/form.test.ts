import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findParameter, parseForm } from './form.ts'

test('dotted names become a tree', () => {
  const tree = parseForm(Buffer.from('a.b=1&a.c.1=x+y&d=%C3%A9&&e'))
  expect(tree.children?.get('a')?.children?.get('b')).toEqual({ value: '1' })
  expect(tree.children?.get('a')?.children?.get('c')?.children?.get('1')).toEqual({ value: 'x y' })
  expect(tree.children?.get('d')).toEqual({ value: 'é' })
  expect(tree.children?.get('e')).toEqual({ value: '' })
})

test('what URLSearchParams writes, the form reads', () => {
  const pairs = fc.uniqueArray(
    fc.tuple(
      fc.string({ unit: 'grapheme', minLength: 1 }).filter((name) => !name.includes('.')),
      fc.string({ unit: 'grapheme' }),
    ),
    { selector: ([name]) => name },
  )
  fc.assert(
    fc.property(pairs, (entries) => {
      const tree = parseForm(Buffer.from(new URLSearchParams(entries).toString()))
      expect([...(tree.children ?? [])].map(([name, node]) => [name, node.value])).toEqual(entries)
    }),
    { seed: 5, numRuns: 300 },
  )
})

test('names that every object has are plain names', () => {
  expect(parseForm(Buffer.from('__proto__.x=1&constructor=2')).children?.get('__proto__')?.children?.get('x')).toEqual({
    value: '1',
  })
  expect(({} as Record<string, unknown>)['x']).toBeUndefined()
})

test('a parameter is found only under its whole name', () => {
  expect(findParameter(Buffer.from('XAction=a&Action=b&y=Action=c'), 'Action')).toBe('b')
  expect(findParameter(Buffer.from('XAction=a'), 'Action')).toBeUndefined()
  expect(findParameter(Buffer.from('Action=%zz'), 'Action')).toBeUndefined()
})
