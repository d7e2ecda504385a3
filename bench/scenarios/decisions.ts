import { type AuthorizationRequest, type Policies, decide, parsePolicy } from '@sluice/policy'
import { type Scenario, count, ratio } from '../lib/scenario.ts'

const ROUNDS = 10
const ROUND_MILLIS = 200
/** Statements in one policy; a thousand in one text would be longer than any policy may be. */
const A_POLICY = 100
const PATTERN_LENGTH = 6_000

export const decisions: Scenario = {
  name: 'decisions',
  what: 'IAM decisions on one core, their growth with the size of the policy, and a hostile pattern',
  run: async () => {
    const [ten, twenty, hundred, thousand] = [10, 20, 100, 1_000].map((size) => rate(teams(size), app)) as [
      number,
      number,
      number,
      number,
    ]
    const denied = rate(teams(10), stranger, false)
    const [harmless, hostile] = [rate(pattern(HARMLESS), long), rate(pattern(HOSTILE), long)]
    return [
      { what: 'decisions a second, 10 statements', value: count(ten), goal: 'goal ≥ 200,000' },
      { what: 'explained denials a second, 10 statements', value: count(denied) },
      { what: 'cost of 20 statements against 10', value: ratio(ten / twenty), goal: 'linear: ≤ 2 ×' },
      { what: 'cost of 100 statements against 10', value: ratio(ten / hundred), goal: 'linear: ≤ 10 ×' },
      { what: 'cost of 1,000 statements against 100', value: ratio(hundred / thousand), goal: 'linear: ≤ 10 ×' },
      { what: 'a hostile pattern of 6 KB against a harmless one', value: ratio(harmless / hostile), goal: 'about 1 ×' },
    ]
  },
}

const requestFor = (group: string): AuthorizationRequest => ({
  principal: { kind: 'user', account: '111122223333', arn: 'arn:aws:iam::111122223333:user/bench' },
  action: 'logs:PutLogEvents',
  resource: `arn:aws:logs:us-east-1:111122223333:log-group:${group}`,
  resourceAccount: '111122223333',
  context: { 'aws:RequestedRegion': 'us-east-1', 'aws:SourceIp': '127.0.0.1', 'aws:username': 'bench' },
})
const app: AuthorizationRequest = requestFor('/team-0/app:log-stream:s')
const stranger: AuthorizationRequest = requestFor('/nobody/app:log-stream:s')
const long: AuthorizationRequest = requestFor('a'.repeat(PATTERN_LENGTH))

const HARMLESS = `${'a'.repeat(PATTERN_LENGTH / 2)}*${'a'.repeat(PATTERN_LENGTH / 2 - 1)}`
const HOSTILE = '*a'.repeat(PATTERN_LENGTH / 2)

/** A policy whose last statement is the one that allows. */
function teams(statements: number): Policies {
  const all = Array.from({ length: statements }, (_, index) => ({
    Effect: 'Allow',
    Action: ['logs:Put*', 'logs:CreateLogStream'],
    Resource: `arn:aws:logs:*:111122223333:log-group:/team-${String(statements - 1 - index)}/*`,
    Condition: { StringEquals: { 'aws:RequestedRegion': 'us-east-1' } },
  }))
  const parts = Array.from({ length: Math.ceil(statements / A_POLICY) }, (_, part) =>
    all.slice(part * A_POLICY, (part + 1) * A_POLICY),
  )
  return { identity: parts.map(named), resource: [] }
}

const pattern = (text: string): Policies => ({
  identity: [
    named([{ Effect: 'Allow', Action: '*', Resource: `arn:aws:logs:us-east-1:111122223333:log-group:${text}` }]),
  ],
  resource: [],
})

const named = (Statement: readonly object[]): Policies['identity'][number] => ({
  name: 'bench',
  policy: parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement }), 'identity'),
})

/** Decisions a second: the best of some rounds, since whatever else runs can only take away from one. */
function rate(policies: Policies, request: AuthorizationRequest, allowed = true): number {
  if (decide(request, policies).allowed !== allowed)
    throw new Error('the policy of the bench does not decide what it measures as it should')
  const rates = Array.from({ length: ROUNDS }, () => {
    let done = 0
    const from = performance.now()
    while (performance.now() < from + ROUND_MILLIS) {
      for (let inner = 0; inner < 20; inner += 1) decide(request, policies)
      done += 20
    }
    return (done * 1_000) / (performance.now() - from)
  })
  return Math.max(...rates)
}
