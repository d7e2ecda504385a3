import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileFilterPattern, extractedValues } from '#services/logs/patterns/evaluate.ts'
import { jsonMatches } from '#services/logs/patterns/json/evaluate.ts'
import { parseJsonPattern } from '#services/logs/patterns/json/parse.ts'
import { type JsonObject, MessageView } from '#services/logs/patterns/message-view.ts'

const matches = (pattern: string, message: unknown): boolean =>
  compileFilterPattern(pattern).matches(typeof message === 'string' ? message : JSON.stringify(message))

const trail = {
  eventType: 'UpdateTrail',
  sourceIPAddress: '111.111.111.111',
  arrayKey: ['value', 'another value'],
  matrixKey: [
    [1, 2],
    ['x', 'y'],
  ],
  objectList: [
    { name: 'a', id: 1 },
    { name: 'b', id: 2 },
  ],
  SomeObject: null,
  ThisFlag: true,
  OtherFlag: false,
  latency: 50.5,
  errorCode: 400,
  'dotted.key': { inner: 'v' },
  empty: '',
  user: { id: 1, email: 'John.Stiles@example.com' },
  users: [
    { id: 2, email: 'John.Doe@example.com' },
    { id: 3, email: 'Jane.Doe@example.com' },
  ],
  actions: ['GET', 'PUT', 'DELETE'],
  coordinates: [
    [0, 1, 2],
    [4, 5, 6],
  ],
}

test.each([
  ['{ $.eventType = "UpdateTrail" }', true],
  ['{ $.eventType = UpdateTrail }', true],
  ['{ $.eventType = "updatetrail" }', false],
  ['{ $.eventType = "Update*" }', true],
  ['{ $.eventType = "*Trail" }', true],
  ['{ $.eventType = *date* }', true],
  ['{ $.eventType = "U*l" }', false],
  ['{ $.eventType != "CreateTrail" }', true],
  ['{ $.sourceIPAddress != 123.123.* }', true],
  ['{ $.sourceIPAddress = 111.111.* }', true],
  ['{ $.arrayKey[0] = "value" }', true],
  ['{ $.arrayKey[1] = "value" }', false],
  ['{ $.arrayKey[2] = "value" }', false],
  ['{ $.arrayKey[*] = "another*" }', true],
  ['{ $.arrayKey = "value" }', false],
  ['{ $.arrayKey != "value" }', false],
  ['{ $.user = * }', false],
  ['{ $.matrixKey[1][0] = x }', true],
  ['{ $.objectList[1].id = 2 }', true],
  ['{ $.objectList[*].name = "b" }', true],
  ['{ $.objectList[*].name = "c" }', false],
  ["{ $.['dotted.key'].inner = v }", true],
  ['{ $.* = "UpdateTrail" }', true],
  ['{ $.* = "nothing" }', false],
  ['{ $.user.* = 1 }', true],
  ['{ $.SomeObject IS NULL }', true],
  ['{ $.missing IS NULL }', false],
  ['{ $.ThisFlag IS TRUE }', true],
  ['{ $.OtherFlag IS TRUE }', false],
  ['{ $.OtherFlag IS FALSE }', true],
  ['{ $.SomeOtherObject NOT EXISTS }', true],
  ['{ $.SomeObject NOT EXISTS }', false],
  ['{ $.user NOT EXISTS }', false],
  ['{ $.objectList[*].missing NOT EXISTS }', true],
  ['{ $.latency > 50 }', true],
  ['{ $.latency >= 50.5 }', true],
  ['{ $.latency < 5.05e1 }', false],
  ['{ $.latency <= 5.05e+1 }', true],
  ['{ $.errorCode = 400 }', true],
  ['{ $.errorCode = 400.0 }', true],
  ['{ $.errorCode = 4e2 }', true],
  ['{ $.errorCode != 400 }', false],
  ['{ $.errorCode = "400" }', false],
  ['{ $.errorCode = 4* }', false],
  ['{ $.errorCode = * }', true],
  ['{ $.eventType > 1 }', false],
  ['{ $.eventType = 1 }', false],
  ['{ $.eventType != 1 }', true],
  ['{ $.empty = "" }', true],
  ['{ $.empty = * }', true],
  ['{ $.SomeObject = * }', false],
  ['{ $.missing = * }', false],
  ['{ $.missing != "x" }', false],
  ['{ $.missing != 1 }', false],
  ['{ $.sourceIPAddress = %1{3}\\.% }', true],
  ['{ $.sourceIPAddress != %1{3}\\.% }', false],
  ['{ $.missing = %a% }', false],
  ['{ ($.user.id = 1) && ($.users[0].email = "John.Doe@example.com") }', true],
  ['{ ($.user.id = 2 && $.users[0].email = "nonmatch") || $.actions[2] = "GET" }', false],
  [
    '{ $.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = "nonmatch" && $.actions[2] = "nonmatch" }',
    true,
  ],
  [
    '{ ($.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = "nonmatch") && $.actions[2] = "nonmatch" }',
    false,
  ],
])('%s on the sample event: %s', (pattern, want) => {
  expect(matches(pattern, trail)).toBe(want)
})

test('a benchmark filter of the field works as it is written', () => {
  const pattern =
    '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && ($.userIdentity.type = "IAMUser") }'
  const event = { eventName: 'ConsoleLogin', userIdentity: { type: 'IAMUser' } }
  expect(matches(pattern, { ...event, additionalEventData: { MFAUsed: 'No' } })).toBe(true)
  expect(matches(pattern, { ...event, additionalEventData: { MFAUsed: 'Yes' } })).toBe(false)
  expect(matches(pattern, event)).toBe(false)
})

test.each(['not json', '["a"]', '["{"]', '"{"', '1', 'null', '{"a":1', '{"a":1}x', '', '{ $.a = 1 }'])(
  'the message %s is no JSON object, so nothing matches it',
  (message) => {
    expect(matches('{ $.a NOT EXISTS }', message)).toBe(false)
  },
)

test('names that every object of JavaScript has are no members', () => {
  expect(matches('{ $.constructor NOT EXISTS }', {})).toBe(true)
  expect(matches('{ $.__proto__ NOT EXISTS }', {})).toBe(true)
  expect(matches('{ $.__proto__ = 1 }', '{"__proto__":1}')).toBe(true)
  expect(matches('{ $.s.length NOT EXISTS }', { s: 'text' })).toBe(true)
  expect(matches('{ $.a.length NOT EXISTS }', { a: [1] })).toBe(true)
})

test('what the selectors find is extracted as text', () => {
  const { pattern } = compileFilterPattern(
    '{ $.eventType = * && $.latency > 1 && $.ThisFlag IS TRUE && $.user.id = 1 && $.arrayKey[*] = * && $.user NOT EXISTS }',
  )
  expect(Object.fromEntries(extractedValues(pattern, new MessageView(JSON.stringify(trail))))).toEqual({
    '$.eventType': 'UpdateTrail',
    '$.latency': '50.5',
    '$.ThisFlag': 'true',
    '$.user.id': '1',
  })
})

// The rule again, slowly: a document is the list of all its paths, and a selector picks paths.

type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value }
type Step = string | number
type Written =
  | {
      readonly kind: 'compare'
      readonly steps: readonly Step[]
      readonly operator: string
      readonly value: string | number
    }
  | { readonly kind: 'is'; readonly steps: readonly Step[]; readonly value: null | boolean }
  | { readonly kind: 'absent'; readonly steps: readonly Step[] }
  | { readonly kind: 'all' | 'some'; readonly parts: readonly Written[] }

const names = fc.constantFrom('a', 'b', 'c.d')
const scalars = fc.constantFrom<Value>('x', 'xy', 'yx', '', 1, 2, 1.5, -3, true, false, null, 'a"b\\c')
const values = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 3, arbitrary: scalars },
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(names, tie('value'), { maxKeys: 3 }),
  ),
})).value
const messages = fc.dictionary(names, values, { minKeys: 1, maxKeys: 3 })
const steps = fc
  .tuple(
    fc.oneof({ weight: 4, arbitrary: names }, { weight: 1, arbitrary: fc.constant('.*') }),
    fc.array(fc.oneof(names, fc.nat(2), fc.constant('[*]'), fc.constant('.*')), { maxLength: 2 }),
  )
  .map(([first, others]): readonly Step[] => [first, ...others])
  .filter((each) => each.filter((step) => step === '.*' || step === '[*]').length <= 1)
const equality = fc.record({
  kind: fc.constant('compare' as const),
  steps,
  operator: fc.constantFrom('=', '!='),
  value: fc.constantFrom<string | number>('x', 'x*', '*x', '*y*', '*', '', 'a"b\\c', 1, 2, 1.5, -3),
})
const conditions: fc.Arbitrary<Written> = fc.oneof(
  { weight: 3, arbitrary: equality },
  fc.record({
    kind: fc.constant('compare' as const),
    steps,
    operator: fc.constantFrom('<', '<=', '>', '>='),
    value: fc.constantFrom<string | number>(1, 1.5, 0),
  }),
  fc.record({ kind: fc.constant('is' as const), steps, value: fc.constantFrom(null, true, false) }),
  fc.record({ kind: fc.constant('absent' as const), steps }),
)
const patterns = fc
  .letrec<{ logic: Written }>((tie) => ({
    logic: fc.oneof(
      { depthSize: 'small' },
      conditions,
      fc.record({
        kind: fc.constantFrom('all' as const, 'some' as const),
        parts: fc.array(tie('logic'), { minLength: 2, maxLength: 3 }),
      }),
    ),
  }))
  .logic.filter((logic) => wildcardsIn(logic) <= 3)

const wildcardsIn = (logic: Written): number =>
  'parts' in logic
    ? logic.parts.reduce((sum, part) => sum + wildcardsIn(part), 0)
    : logic.steps.filter((step) => step === '.*' || step === '[*]').length

const spellStep = (step: Step): string =>
  typeof step === 'number'
    ? `[${String(step)}]`
    : step === '.*' || step === '[*]'
      ? step
      : step === 'c.d'
        ? ".['c.d']"
        : `.${step}`
const spellSteps = (each: readonly Step[]): string => `$${each.map(spellStep).join('')}`
const spellValue = (value: string | number): string =>
  typeof value === 'number' ? String(value) : `"${value.replaceAll(/["\\]/g, '\\$&')}"`

/** With no more parentheses than precedence asks for. */
function spell(logic: Written, within: 'all' | 'some' | 'none' = 'none'): string {
  switch (logic.kind) {
    case 'compare':
      return `${spellSteps(logic.steps)} ${logic.operator} ${spellValue(logic.value)}`
    case 'is':
      return `${spellSteps(logic.steps)} IS ${String(logic.value).toUpperCase()}`
    case 'absent':
      return `${spellSteps(logic.steps)} NOT EXISTS`
    default: {
      const text = logic.parts.map((part) => spell(part, logic.kind)).join(logic.kind === 'all' ? ' && ' : '||')
      return within === 'all' && logic.kind === 'some' ? `( ${text} )` : text
    }
  }
}

type Place = readonly [path: readonly (string | number)[], value: Value]

const placesIn = (value: Value, path: readonly (string | number)[] = []): readonly Place[] => {
  const inner =
    typeof value !== 'object' || value === null
      ? []
      : Array.isArray(value)
        ? value.map((each: Value, at): [string | number, Value] => [at, each])
        : Object.entries(value)
  return [[path, value], ...inner.flatMap(([name, each]) => placesIn(each, [...path, name]))]
}

const leadsTo = (wanted: readonly Step[], path: readonly (string | number)[]): boolean =>
  wanted.length === path.length &&
  wanted.every((step, at) => {
    const name = path[at]
    if (step === '.*') return typeof name === 'string'
    return step === '[*]' ? typeof name === 'number' : step === name
  })

const like = (text: string, wanted: string): boolean => {
  if (wanted === '*') return true
  const [open, close] = [wanted.startsWith('*'), wanted.endsWith('*')]
  const inner = wanted.slice(open ? 1 : 0, close ? -1 : undefined)
  const at = text.indexOf(inner)
  if (open && close) return at >= 0
  if (open) return text.slice(Math.max(0, text.length - inner.length)) === inner
  return close ? at === 0 : text === inner
}

function holds(logic: Written, places: readonly Place[]): boolean {
  if ('parts' in logic) {
    const held = logic.parts.filter((part) => holds(part, places)).length
    return logic.kind === 'all' ? held === logic.parts.length : held > 0
  }
  const found = places.filter(([path]) => leadsTo(logic.steps, path)).map(([, value]) => value)
  if (logic.kind === 'absent') return found.length === 0
  if (logic.kind === 'is') return found.includes(logic.value)
  const { operator, value: wanted } = logic
  return found.some((value) => {
    if (typeof value === 'object' && value !== null) return false
    const numbers = typeof wanted === 'number' && typeof value === 'number'
    const equal = numbers
      ? wanted === value
      : wanted === '*'
        ? value !== null
        : typeof wanted === 'string' && typeof value === 'string' && like(value, wanted)
    if (operator === '=') return equal
    if (operator === '!=') return !equal
    if (!numbers) return false
    const orders = { '<': value < wanted, '<=': value <= wanted, '>': value > wanted, '>=': value >= wanted }
    return orders[operator as keyof typeof orders]
  })
}

test('the evaluator answers as the rule says, for any pattern and any message', () => {
  let matched = 0
  fc.assert(
    fc.property(patterns, messages, (logic, message) => {
      const want = holds(logic, placesIn(message))
      if (want) matched += 1
      expect(matches(`{ ${spell(logic)} }`, message)).toBe(want)
    }),
    { numRuns: 4_000, seed: 7 },
  )
  expect(matched).toBeGreaterThan(400)
})

test('what the journal is asked for holds every event that matches', () => {
  // The same letters written as escapes, as some writers do.
  const messageTexts = fc
    .tuple(messages, fc.boolean())
    .map(([message, escaped]) => JSON.stringify(message).replaceAll('x', escaped ? '\\u0078' : 'x'))
  let held = 0
  fc.assert(
    fc.property(patterns, messageTexts, (logic, text) => {
      const matcher = compileFilterPattern(`{ ${spell(logic)} }`)
      const { include, exclude, any } = matcher.containing ?? { include: [], exclude: [], any: [] }
      const passes =
        include.every((each) => text.includes(each)) &&
        !exclude.some((each) => text.includes(each)) &&
        (any.length === 0 || any.some((each) => text.includes(each)))
      if (!passes) held += 1
      if (matcher.matches(text)) expect(passes).toBe(true)
    }),
    { numRuns: 4_000, seed: 8 },
  )
  expect(held).toBeGreaterThan(400)
})

/** Counts how often an object or array is asked for one of its members. */
function counted(value: unknown, count: { steps: number }): unknown {
  if (typeof value !== 'object' || value === null) return value
  const inner = Array.isArray(value)
    ? value.map((each) => counted(each, count))
    : Object.fromEntries(Object.entries(value).map(([name, each]) => [name, counted(each, count)]))
  return new Proxy(inner, {
    get: (target, name, receiver) => {
      count.steps += 1
      return Reflect.get(target, name, receiver) as unknown
    },
  })
}

test('a message is walked in time proportional to its size, whatever the pattern', () => {
  const pattern = parseJsonPattern('{ $.a[*].b.c = 1 || $.*.d[0] = 1 || $.a[*].e.f.g = "*x*" }')
  const steps = (size: number): number => {
    const count = { steps: 0 }
    const message = { a: Array.from({ length: size }, () => ({ b: { c: 0 }, e: { f: { g: 'y' } } })), x: {} }
    expect(jsonMatches(pattern, counted(message, count) as JsonObject)).toBe(false)
    return count.steps
  }
  expect(steps(10_000) / steps(1_000)).toBeLessThan(11)
})
