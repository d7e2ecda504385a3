import { describe, expect, test } from 'vitest'
import { decide } from './decide.ts'
import { parsePolicy } from './parse.ts'
import type { AuthorizationRequest, Policies } from './request.ts'
import type { Meter } from './text/meter.ts'

const ACCOUNT = '111122223333'
const request: AuthorizationRequest = {
  principal: { kind: 'user', account: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:user/ada` },
  action: 'logs:PutLogEvents',
  resource: `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:/team-0/${'a'.repeat(400)}:log-stream:s`,
  resourceAccount: ACCOUNT,
  context: { 'aws:RequestedRegion': 'us-east-1', 'aws:username': 'ada' },
}

const filled = (unit: string, length: number): string => unit.repeat(Math.ceil(length / unit.length)).slice(0, length)
const policiesOf = (statements: readonly object[]): Policies => ({
  identity: [
    { name: 'p', policy: parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }), 'identity') },
  ],
  resource: [],
})

/** Steps of a decision, and whether it allows. */
function stepsOf(statements: readonly object[]): { readonly steps: number; readonly allowed: boolean } {
  const meter: Meter = { steps: 0 }
  const { allowed } = decide(request, policiesOf(statements), { meter })
  return { steps: meter.steps, allowed }
}

const team = (name: number | string): object => ({
  Effect: 'Allow',
  Action: ['logs:Put*', 'logs:CreateLogStream'],
  Resource: `arn:aws:logs:*:${ACCOUNT}:log-group:/team-${name}/*`,
  Condition: { StringEquals: { 'aws:RequestedRegion': ['us-east-1', 'us-east-2'] } },
})
const SHAPES: readonly (readonly [name: string, statement: (index: number) => object, allowed: boolean])[] = [
  ['the last statement allows', (index) => team(index === 0 ? 0 : 'x'), true],
  ['none allows', () => team('x'), false],
  [
    'conditions fail',
    () => ({ ...team(0), Condition: { StringEquals: { 'aws:RequestedRegion': ['a', 'b'] } } }),
    false,
  ],
  ['nothing is denied', (index) => ({ ...team('x'), Effect: index === 0 ? 'Allow' : 'Deny' }), false],
  ['variables', () => ({ ...team('${aws:username}'), Effect: 'Allow' }), false],
  ['NotAction and NotResource', () => ({ Effect: 'Allow', NotAction: 'mq:*', NotResource: 'arn:aws:logs:*' }), false],
]

describe.each(SHAPES)('%s', (_, statement, allowed) => {
  test('the cost grows with the number of statements, and no faster', () => {
    // The first of the list comes last in the text, so that nothing ends early.
    const of = (count: number) => stepsOf(Array.from({ length: count }, (_one, index) => statement(count - 1 - index)))
    const [ten, hundred, thousand] = [of(10), of(100), of(500)]
    expect([ten.allowed, hundred.allowed, thousand.allowed]).toEqual([allowed, allowed, allowed])
    expect(ten.steps).toBeGreaterThan(10)
    expect(hundred.steps).toBeLessThanOrEqual(10.5 * ten.steps)
    expect(thousand.steps).toBeLessThanOrEqual(5.25 * hundred.steps)
  })
})

describe('one statement with', () => {
  const head = `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:`
  const withPatterns = (element: 'Action' | 'Resource', patterns: readonly string[]): number =>
    stepsOf([{ Effect: 'Allow', Action: 'logs:*', Resource: '*', [element]: patterns }]).steps

  test('ten times as many resources costs ten times as much', () => {
    const many = (count: number) =>
      withPatterns(
        'Resource',
        Array.from({ length: count }, (_, index) => `${head}*/team-${String(index).padStart(4, '0')}x/*`),
      )
    expect(many(1_000)).toBeLessThanOrEqual(10.5 * many(100))
  })

  test('a hostile pattern costs no more than text and pattern together allow', () => {
    const text = request.resource.length
    for (const length of [512, 1_024, 2_048, 6_000])
      for (const unit of ['*a', '*a*', '*?a', 'a*', '*aa', '?*'])
        expect(withPatterns('Resource', [`${head}${filled(unit, length)}b`])).toBeLessThanOrEqual(40 * (length + text))
  })

  test('twice as long a hostile pattern costs at most twice as much', () => {
    const hostile = (length: number): number => withPatterns('Resource', [`${head}${filled('*a', length)}`])
    expect(hostile(800)).toBeLessThanOrEqual(2.2 * hostile(400))
  })

  test('a hostile action costs no more than a harmless one of its length', () => {
    const hostile = withPatterns('Action', [`logs:${filled('*o', 3_000)}`])
    expect(hostile).toBeLessThanOrEqual(3_100)
  })
})
