import { expect, test } from 'vitest'
import { parseJsonPattern } from '#services/logs/patterns/json/parse.ts'
import { PatternError } from '#services/logs/patterns/pattern-error.ts'

/** The pattern's only condition, the selector as its steps. */
function only(text: string) {
  const { logic } = parseJsonPattern(text)
  if (logic.kind !== 'leaf') throw new Error(`${text} has more than one condition`)
  return { steps: logic.leaf.selector.steps, test: logic.leaf.test }
}
const member = (name: string) => ({ kind: 'member', name })

test.each([
  { selector: '$.a', steps: [member('a')] },
  { selector: '$.a.b-c_1', steps: [member('a'), member('b-c_1')] },
  { selector: '$.a[0].b', steps: [member('a'), { kind: 'index', index: 0 }, member('b')] },
  { selector: '$.m[0][12]', steps: [member('m'), { kind: 'index', index: 0 }, { kind: 'index', index: 12 }] },
  { selector: "$.['a.b'].c", steps: [member('a.b'), member('c')] },
  { selector: '$.*', steps: [{ kind: 'members' }] },
  { selector: '$.a[*].b', steps: [member('a'), { kind: 'elements' }, member('b')] },
  { selector: '$.a.*', steps: [member('a'), { kind: 'members' }] },
  { selector: '$.größe', steps: [member('größe')] },
])('$selector is read as its steps', ({ selector, steps }) => {
  expect(only(`{ ${selector} = 1 }`).steps).toEqual(steps)
  expect(only(`{${selector}=1}`).steps).toEqual(steps)
})

test.each([
  { test: '= 1', want: { operator: '=', value: { kind: 'number', number: 1, written: '1' } } },
  { test: '!=-1.5e+3', want: { operator: '!=', value: { kind: 'number', number: -1_500, written: '-1.5e+3' } } },
  { test: '>= .5', want: { operator: '>=', value: { kind: 'number', number: 0.5, written: '.5' } } },
  { test: '<1E2', want: { operator: '<', value: { kind: 'number', number: 100, written: '1E2' } } },
  { test: '= "x y"', want: { operator: '=', value: { kind: 'equals', text: 'x y' } } },
  { test: '= "say \\"a\\\\b\\""', want: { operator: '=', value: { kind: 'equals', text: 'say "a\\b"' } } },
  { test: '= bare_1', want: { operator: '=', value: { kind: 'equals', text: 'bare_1' } } },
  { test: '= kms.amazonaws.com', want: { operator: '=', value: { kind: 'equals', text: 'kms.amazonaws.com' } } },
  { test: '= 123.123.*', want: { operator: '=', value: { kind: 'starts', text: '123.123.' } } },
  { test: '= x*', want: { operator: '=', value: { kind: 'starts', text: 'x' } } },
  { test: '= "*x"', want: { operator: '=', value: { kind: 'ends', text: 'x' } } },
  { test: '!= "*x*"', want: { operator: '!=', value: { kind: 'contains', text: 'x' } } },
  { test: '= "a*b"', want: { operator: '=', value: { kind: 'equals', text: 'a*b' } } },
  { test: '= *', want: { operator: '=', value: { kind: 'anything' } } },
  { test: '= "*"', want: { operator: '=', value: { kind: 'anything' } } },
  { test: '= ""', want: { operator: '=', value: { kind: 'equals', text: '' } } },
  { test: '= "1"', want: { operator: '=', value: { kind: 'equals', text: '1' } } },
])('$test is read as a comparison', ({ test: text, want }) => {
  expect(only(`{ $.a ${text} }`).test).toEqual({ kind: 'comparison', ...want })
})

test('constants and absence are tests of their own', () => {
  expect(only('{ $.a IS NULL }').test).toEqual({ kind: 'is', value: null })
  expect(only('{ $.a IS TRUE }').test).toEqual({ kind: 'is', value: true })
  expect(only('{ $.a  IS  FALSE}').test).toEqual({ kind: 'is', value: false })
  expect(only('{ $.a NOT EXISTS }').test).toEqual({ kind: 'not-exists' })
})

const shape = (text: string): unknown => {
  const show = (logic: ReturnType<typeof parseJsonPattern>['logic']): unknown =>
    logic.kind === 'leaf' ? logic.leaf.selector.text.slice(2) : { [logic.kind]: logic.parts.map(show) }
  return show(parseJsonPattern(text).logic)
}

test('parentheses bind closer than &&, and && closer than ||', () => {
  expect(shape('{ $.a=1 || $.b=1 && $.c=1 }')).toEqual({ some: ['a', { all: ['b', 'c'] }] })
  expect(shape('{ ($.a=1 || $.b=1) && $.c=1 }')).toEqual({ all: [{ some: ['a', 'b'] }, 'c'] })
  expect(shape('{ ((($.a=1))) }')).toEqual('a')
  expect(shape('{($.a=1)&&($.b=1)&&($.c=1)}')).toEqual({ all: ['a', 'b', 'c'] })
})

test.each([
  '{}',
  '{ }',
  '{ $.a }',
  '{ a = 1 }',
  '{ $a = 1 }',
  '{ $ = 1 }',
  '{ $. = 1 }',
  '{ $[0] = 1 }',
  '{ $.a. = 1 }',
  '{ $.a[] = 1 }',
  '{ $.a[x] = 1 }',
  '{ $.a[-1] = 1 }',
  "{ $.[''] = 1 }",
  '{ $.a.b[*].c[*] = 1 }',
  '{ $.a == 1 }',
  '{ $.a = }',
  '{ $.a = "open }',
  '{ $.a = b c }',
  '{ $.a = %(b)% }',
  '{ $.a > "1" }',
  '{ $.a <= b* }',
  '{ $.a > %b% }',
  '{ $.a IS NOT NULL }',
  '{ $.a IS 1 }',
  '{ $.a EXISTS }',
  '{ $.a NOT NULL }',
  '{ $.a is null }',
  '{ $.a = 1 && }',
  '{ && $.a = 1 }',
  '{ $.a = 1 & $.b = 1 }',
  '{ $.a = 1 $.b = 1 }',
  '{ ($.a = 1 }',
  '{ $.a = 1) }',
  '{ $.a = 1 } }',
  '{ $.a = 1 || ($.b = 1 && ) }',
])('%s is no pattern', (text) => {
  expect(() => parseJsonPattern(text)).toThrow(PatternError)
})

test('a pattern has at most three selectors with a wildcard', () => {
  const three = '$.a[*] = 1 || $.b[*] = 1 || $.*.c = 1'
  expect(shape(`{ ${three} || $.d = 1 }`)).toBeDefined()
  expect(() => parseJsonPattern(`{ ${three} || $.d[*] = 1 }`)).toThrow(PatternError)
})

test('a pattern nested as deep as its length allows is read', () => {
  const deep = 500
  expect(shape(`{${'('.repeat(deep)}$.a=1${')'.repeat(deep)}}`)).toBe('a')
})
