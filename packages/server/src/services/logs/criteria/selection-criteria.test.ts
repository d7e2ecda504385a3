import { expect, test } from 'vitest'
import { criteriaHold, parseSelectionCriteria } from '#services/logs/criteria/selection-criteria.ts'

const FIELDS = ['@aws.region', '@aws.account', 'LogGroupName']
const here = { '@aws.region': 'eu-west-1', '@aws.account': '111122223333', LogGroupName: '/app/a' }

test.each([
  { text: '@aws.region = "eu-west-1"', want: true },
  { text: "@aws.region != 'eu-west-1'", want: false },
  { text: '@aws.region IN ["us-east-1", "eu-west-1"]', want: true },
  { text: '@aws.region NOT IN ["us-east-1"]', want: true },
  { text: '@aws.region NOT IN ["eu-west-1"]', want: false },
  { text: 'LogGroupName NOT IN ["/app/b","/app/a"]', want: false },
  { text: '@aws.region = "x" OR @aws.region = "eu-west-1" AND @aws.account = "1"', want: false },
  { text: '(@aws.region = "x" OR @aws.region = "eu-west-1") AND @aws.account = "111122223333"', want: true },
  { text: '@aws.region="eu-west-1"AND@aws.account="111122223333"', want: true },
])('$text: $want', ({ text, want }) => {
  const criteria = parseSelectionCriteria(text, FIELDS)
  expect(criteria && criteriaHold(criteria, here)).toBe(want)
})

test.each([
  '',
  '@aws.region',
  '@aws.region = eu',
  '@aws.region == "x"',
  '@aws.region IN "x"',
  '@aws.region IN []',
  '@aws.region IN ["x"',
  '@aws.region LIKE "x"',
  '@aws.zone = "x"',
  '@aws.region = "x" AND',
  '@aws.region = "x" && @aws.account = "y"',
  '(@aws.region = "x"',
  '@aws.region = "x" y',
])('%s is none', (text) => {
  expect(parseSelectionCriteria(text, FIELDS)).toBeUndefined()
})
