import { expect, test } from 'vitest'
import { parseDelimitedPattern } from '#services/logs/patterns/delimited/parse.ts'
import { PatternError } from '#services/logs/patterns/pattern-error.ts'

/** Names of the positions, with a `?` where there is a condition. */
function outline(text: string): string {
  const { first, last } = parseDelimitedPattern(text)
  const show = (positions: typeof first) =>
    positions.map(({ name = '_', condition }) => (condition ? `${name}?` : name)).join(' ')
  return last === undefined ? show(first) : `${show(first)} … ${show(last)}`
}

test.each([
  { text: '[]', want: '' },
  { text: '[ ]', want: '' },
  { text: '[ip]', want: 'ip' },
  { text: '[ip, user , username,timestamp]', want: 'ip user username timestamp' },
  { text: '[ip, user, ..., size]', want: 'ip user … size' },
  { text: '[…,size]', want: ' … size' },
  { text: '[ip, ...]', want: 'ip … ' },
  { text: '[..., request=*.html*, status_code=4*,]', want: ' … request? status_code? _' },
  { text: '[a,,b]', want: 'a _ b' },
  { text: '[w1=ERROR || w1 = "a b", w2]', want: 'w1? w2' },
  { text: '[(w1!=ERROR && w1!=%W.*N%) || w1=X, bytes > 1000]', want: 'w1? bytes?' },
  { text: '[version, destport="22", action="REJECT", flow]', want: 'version destport? action? flow' },
  { text: '[ip=%[1-9,]{2}%]', want: 'ip?' },
  { text: '[url=http://x/y?z, t=12:30]', want: 'url? t?' },
])('$text is read', ({ text, want }) => {
  expect(outline(text)).toBe(want)
})

test('values are texts with asterisks, numbers and expressions', () => {
  const { first } = parseDelimitedPattern('[a=4*, b>=1e3, c!="*x*", d=404]')
  expect(first.map(({ condition }) => condition)).toEqual([
    { kind: 'leaf', leaf: { operator: '=', value: { kind: 'starts', text: '4' } } },
    { kind: 'leaf', leaf: { operator: '>=', value: { kind: 'number', number: 1_000, written: '1e3' } } },
    { kind: 'leaf', leaf: { operator: '!=', value: { kind: 'contains', text: 'x' } } },
    { kind: 'leaf', leaf: { operator: '=', value: { kind: 'number', number: 404, written: '404' } } },
  ])
})

test.each([
  '[',
  '[a',
  '[a, b',
  '[a b]',
  '[a] b',
  '[a]]',
  '[..., a, ...]',
  '[...a]',
  '[a = ]',
  '[= x]',
  '[a == x]',
  '[a > x]',
  '[a < "1"]',
  '[a = "open]',
  '[a = %(x)%]',
  '[a = x && ]',
  '[a = x && b = y]',
  '[status_code = 4* && bytes > 1000]',
  '[a = x || (a = y]',
  '[a = x y]',
  '[a.b]',
  '[(a)]',
])('%s is no pattern', (text) => {
  expect(() => parseDelimitedPattern(text)).toThrow(PatternError)
})
