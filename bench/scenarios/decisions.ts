import { decide, parsePolicy } from '@sluice/policy'
import { type Scenario, count, ratio } from '../lib/scenario.ts'

const MILLIS = 1_500

export const decisions: Scenario = {
  name: 'decisions',
  what: 'IAM decisions on one core, and their growth with the size of the policy',
  run: async () => {
    const ten = rate(10)
    const hundred = rate(100)
    const fiveHundred = rate(500)
    return [
      { what: 'decisions a second, 10 statements', value: count(ten), goal: 'goal ≥ 200,000' },
      { what: 'cost of 100 statements against 10', value: ratio(ten / hundred), goal: 'linear: 10 ×' },
      { what: 'cost of 500 statements against 100', value: ratio(hundred / fiveHundred), goal: 'linear: 5 ×' },
    ]
  },
}

/** Decisions a second for a policy whose last statement is the one that allows. */
function rate(statements: number): number {
  const Statement = Array.from({ length: statements }, (_, index) => ({
    Effect: 'Allow',
    Action: ['logs:Put*', 'logs:CreateLogStream'],
    Resource: `arn:aws:logs:*:111122223333:log-group:/team-${String(statements - 1 - index)}/*`,
    Condition: { StringEquals: { 'aws:RequestedRegion': 'us-east-1' } },
  }))
  const policy = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement }), 'identity')
  const policies = { identity: [{ name: 'bench', policy }], resource: [] }
  const request = {
    principal: { kind: 'user', account: '111122223333', arn: 'arn:aws:iam::111122223333:user/bench' },
    action: 'logs:PutLogEvents',
    resource: 'arn:aws:logs:us-east-1:111122223333:log-group:/team-0/app:log-stream:s',
    resourceAccount: '111122223333',
    context: { 'aws:RequestedRegion': 'us-east-1', 'aws:SourceIp': '127.0.0.1', 'aws:username': 'bench' },
  } as const
  if (!decide(request, policies).allowed) throw new Error('the policy of the bench does not allow what it measures')
  let done = 0
  let until = performance.now() + MILLIS / 3
  while (performance.now() < until) decide(request, policies)
  const from = performance.now()
  until = from + MILLIS
  while (performance.now() < until) {
    for (let inner = 0; inner < 100; inner += 1) decide(request, policies)
    done += 100
  }
  return (done * 1_000) / (performance.now() - from)
}
