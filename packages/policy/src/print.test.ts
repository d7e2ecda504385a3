import { expect, test } from 'vitest'
import { parsePolicy } from './parse.ts'
import { printPolicy } from './print.ts'

test('writes the elements in their usual order, a list of one as a bare value', () => {
  const text = JSON.stringify({
    Statement: [
      {
        Resource: ['*'],
        Action: ['logs:PutLogEvents', 'logs:CreateLogStream'],
        Condition: { StringEquals: { 'aws:SourceAccount': ['1'] }, Bool: { 'k:b': true, 'k:c': false } },
        Principal: { Service: ['mq.amazonaws.com'], AWS: ['111122223333', '*'] },
        Effect: 'Allow',
        Sid: 'a b',
      },
      { NotAction: 'iam:*', NotResource: '*', NotPrincipal: '*', Effect: 'Deny' },
    ],
    Id: 'x',
  })
  expect(JSON.parse(printPolicy(parsePolicy(text, 'resource')))).toEqual({
    Version: '2008-10-17',
    Id: 'x',
    Statement: [
      {
        Sid: 'a b',
        Effect: 'Allow',
        Principal: { Service: 'mq.amazonaws.com', AWS: ['111122223333', '*'] },
        Action: ['logs:PutLogEvents', 'logs:CreateLogStream'],
        Resource: '*',
        Condition: { StringEquals: { 'aws:SourceAccount': '1' }, Bool: { 'k:b': 'true', 'k:c': 'false' } },
      },
      { Effect: 'Deny', NotPrincipal: '*', NotAction: 'iam:*', NotResource: '*' },
    ],
  })
})

test('keeps an empty list of condition values and keys of any name', () => {
  const text =
    '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"__proto__":[],"a":"1"}}}}'
  const printed = printPolicy(parsePolicy(text, 'identity'))
  expect(printed).toContain('"Condition":{"StringEquals":{"__proto__":[],"a":"1"}}')
  expect(printPolicy(parsePolicy(printed, 'identity'))).toBe(printed)
})
