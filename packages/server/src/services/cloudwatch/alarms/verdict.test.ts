import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Datapoint, type Rule, TREATMENTS, judge } from '#services/cloudwatch/alarms/verdict.ts'

/** `X` breaches, `0` does not, `-` is missing; oldest first. */
const rangeOf = (text: string): readonly (Datapoint | undefined)[] =>
  text.split('').map((sign, at) => (sign === '-' ? undefined : { at, value: sign === 'X' ? 1 : 0 }))
const ruleOf = (needed: number, evaluated: number, treatment: Rule['treatment']): Rule => ({
  needed,
  evaluated,
  treatment,
  breaches: (value) => value > 0,
})
const stateOf = (text: string, rule: Rule): string => judge(rangeOf(text), rule).state ?? 'keeps'

/** The two tables of AWS's user guide, row for row: missing, ignore, breaching, notBreaching. */
test.each([
  [3, '0-X-X', ['OK', 'OK', 'OK', 'OK']],
  [3, '0----', ['OK', 'OK', 'OK', 'OK']],
  [3, '-----', ['INSUFFICIENT_DATA', 'keeps', 'ALARM', 'OK']],
  [3, '0XX-X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
  [3, '--X--', ['ALARM', 'keeps', 'ALARM', 'OK']],
  [2, '0-X-X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
  [2, '00X0X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
  [2, '0-X--', ['OK', 'OK', 'ALARM', 'OK']],
  [2, '----0', ['OK', 'OK', 'ALARM', 'OK']],
  [2, '---X-', ['ALARM', 'keeps', 'ALARM', 'OK']],
] as const)('%d of 3 datapoints: %s', (needed, text, states) => {
  expect(TREATMENTS.map((treatment) => stateOf(text, ruleOf(needed, 3, treatment)))).toEqual(states)
})

test.each(['----X', '---X-', '---XX'])(
  '%s: a breach is no alarm before it is as old as breaches are needed',
  (text) => {
    expect(stateOf(text, ruleOf(3, 3, 'missing'))).toBe('keeps')
  },
)

test.each(['--X--', '--XX-', '--X-X'])('%s: old enough, and nothing after it tells otherwise', (text) => {
  expect(stateOf(text, ruleOf(3, 3, 'missing'))).toBe('ALARM')
})

const sign = fc.constantFrom('X', '0', '-')
const asked = fc
  .record({ evaluated: fc.integer({ min: 1, max: 6 }), part: fc.nat(5), spare: fc.integer({ min: 0, max: 4 }) })
  .chain(({ evaluated, part, spare }) =>
    fc.record({
      needed: fc.constant(1 + (part % evaluated)),
      evaluated: fc.constant(evaluated),
      text: fc.string({ unit: sign, minLength: evaluated + spare, maxLength: evaluated + spare }),
      treatment: fc.constantFrom(...TREATMENTS),
    }),
  )

test('with N datapoints M of the newest N decide, and nothing that is missing does', () => {
  fc.assert(
    fc.property(asked, ({ needed, evaluated, text, treatment }) => {
      const known = text.split('').filter((each) => each !== '-')
      fc.pre(known.length >= evaluated)
      const breaching = known.slice(-evaluated).filter((each) => each === 'X').length
      expect(stateOf(text, ruleOf(needed, evaluated, treatment))).toBe(breaching >= needed ? 'ALARM' : 'OK')
    }),
  )
})

test('with fewer, what stands in for them is what the alarm says, and M breaches make an alarm whatever it says', () => {
  fc.assert(
    fc.property(asked, ({ needed, evaluated, text, treatment }) => {
      const known = text.split('').filter((each) => each !== '-')
      fc.pre(known.length < evaluated)
      const state = stateOf(text, ruleOf(needed, evaluated, treatment))
      const breaching = known.filter((each) => each === 'X').length
      const filled = evaluated - known.length
      if (breaching >= needed) expect(state).toBe('ALARM')
      else if (treatment === 'breaching') expect(state).toBe(breaching + filled >= needed ? 'ALARM' : 'OK')
      else if (treatment === 'notBreaching') expect(state).toBe('OK')
      else if (known.length === 0) expect(state).toBe(treatment === 'missing' ? 'INSUFFICIENT_DATA' : 'keeps')
      else if (treatment === 'ignore') expect(state).toBe(known.includes('0') ? 'OK' : 'keeps')
      else if (known.includes('0')) expect(state).toBe('OK')
      else expect(state).toBe(text.length - text.indexOf('X') >= needed ? 'ALARM' : 'keeps')
    }),
  )
})
