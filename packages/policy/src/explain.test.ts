import { expect, test } from 'vitest'
import type { Decision, UnmatchedStatement } from './decision.ts'
import { explain } from './explain.ts'

const denied: Decision = {
  allowed: false,
  kind: 'implicit-deny',
  decidedBy: 'resource',
  crossAccount: false,
  principal: 'mq.amazonaws.com',
  action: 'logs:PutLogEvents',
  resource: 'arn:aws:logs:us-east-1:111122223333:log-group:g:log-stream:s',
  matched: [],
  unmatched: [],
  unmatchedOmitted: 0,
  missingKeys: [],
  outcomes: [],
}
const near: UnmatchedStatement = {
  policyType: 'resource',
  policyName: 'AmazonMQ-logs',
  index: 2,
  sid: 'Write',
  effect: 'Allow',
  position: { start: { line: 1, column: 1 }, end: { line: 1, column: 2 } },
  failed: 'condition',
  expected: [],
  conditions: [],
}

test('a decision that was stored and read again is explained the same', () => {
  const decision: Decision = { ...denied, unmatched: [near] }
  expect(explain(JSON.parse(JSON.stringify(decision)) as Decision)).toEqual(explain(decision))
})

test('statements that were left out are counted', () => {
  expect(explain({ ...denied, unmatchedOmitted: 7 }).at(-1)).toBe('7 more statements came near and are left out.')
})

test('conditions that could not be evaluated are said to be so', () => {
  expect(explain({ ...denied, unmatched: [near] })[1]).toBe(
    'Statement 3 (Write) of resource policy AmazonMQ-logs allows logs:PutLogEvents for mq.amazonaws.com, but its conditions could not be evaluated.',
  )
})

test('a condition without values is said to have none', () => {
  const condition = {
    operator: 'StringEquals',
    key: 'aws:SourceAccount',
    policyValues: [],
    actualValues: ['1'],
    missing: false,
  }
  expect(explain({ ...denied, unmatched: [{ ...near, conditions: [condition] }] })[1]).toContain(
    'its condition StringEquals aws:SourceAccount is nothing and the request has "1"',
  )
})
