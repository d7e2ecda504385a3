import { parsePolicy } from '@sluice/policy'
import { expect, test } from 'vitest'
import { normalisedDocument } from '#services/logs/policies/normalise.ts'

test.each([
  {
    name: 'blanks go',
    document: '{ "Version": "2012-10-17",\n "Statement": [] }',
    want: '{"Version":"2012-10-17","Statement":[]}',
  },
  {
    name: 'a missing version is 2008-10-17',
    document: '{"Statement":[]}',
    want: '{"Version":"2008-10-17","Statement":[]}',
  },
  {
    name: 'one service is a text',
    document: '{"Version":"2012-10-17","Statement":[{"Principal":{"Service":["a.amazonaws.com"]}}]}',
    want: '{"Version":"2012-10-17","Statement":[{"Principal":{"Service":"a.amazonaws.com"}}]}',
  },
  {
    name: 'two services and other lists stay',
    document: '{"Version":"2012-10-17","Statement":[{"Principal":{"Service":["a","b"],"AWS":["1"]},"Action":["x"]}]}',
    want: '{"Version":"2012-10-17","Statement":[{"Principal":{"Service":["a","b"],"AWS":["1"]},"Action":["x"]}]}',
  },
  {
    name: 'a single statement stays single',
    document: '{"Version":"2012-10-17","Statement":{"Principal":"*"}}',
    want: '{"Version":"2012-10-17","Statement":{"Principal":"*"}}',
  },
])('$name', ({ document, want }) => {
  expect(normalisedDocument(document)).toBe(want)
  expect(normalisedDocument(want)).toBe(want)
})

test('a normalised policy says the same', () => {
  const document =
    '{ "Statement": [ { "Effect": "Allow", "Principal": { "Service": [ "mq.amazonaws.com" ] }, "Action": "logs:PutLogEvents", "Resource": "arn:aws:logs:*:*:log-group:/x/*", "Condition": { "StringEquals": { "aws:SourceAccount": "111122223333" } } } ] }'
  const meaning = (text: string) => {
    const { version, statements } = parsePolicy(text, 'resource')
    return JSON.stringify({ version, statements: statements.map(({ position: _position, ...rest }) => rest) })
  }
  expect(meaning(normalisedDocument(document))).toBe(meaning(document))
})
