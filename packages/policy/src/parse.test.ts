import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MAX_POLICY_LENGTH, parsePolicy } from './parse.ts'
import type { PolicyKind } from './policy.ts'
import { PolicySyntaxError } from './syntax-error.ts'

const KINDS: readonly PolicyKind[] = ['identity', 'resource', 'trust']
const kind = fc.constantFrom(...KINDS)

function expectPolicyOrSyntaxError(text: string, kindOf: PolicyKind): void {
  try {
    expect(parsePolicy(text, kindOf).statements.length).toBeGreaterThan(0)
  } catch (error) {
    expect(error).toBeInstanceOf(PolicySyntaxError)
  }
}

test('any text is a policy or a PolicySyntaxError', () => {
  fc.assert(fc.property(fc.string(), kind, expectPolicyOrSyntaxError))
})

test('any JSON is a policy or a PolicySyntaxError', () => {
  fc.assert(fc.property(fc.json(), kind, expectPolicyOrSyntaxError))
})

test('anything in place of an element is a policy or a PolicySyntaxError', () => {
  const words = fc.constantFrom(
    'Allow',
    'Deny',
    'allow',
    '*',
    's3:*',
    'a:b:c',
    'arn:aws:s3:::b/${k}',
    'arn:',
    'arn:aws::::',
    '${',
    '2026',
    '',
  )
  const value = fc.oneof(
    words,
    fc.jsonValue({ maxDepth: 2 }),
    fc.array(words),
    fc.dictionary(
      fc.constantFrom('AWS', 'Service', 'StringLike', 'DateEquals', 'k'),
      fc.oneof(words, fc.dictionary(fc.string(), fc.oneof(words, fc.array(words)))),
    ),
  )
  const elements = [
    'Sid',
    'Effect',
    'Principal',
    'NotPrincipal',
    'Action',
    'NotAction',
    'Resource',
    'NotResource',
    'Condition',
  ]
  const statement = fc.dictionary(fc.constantFrom(...elements), value)
  const complete = statement.map((changes) => ({ Effect: 'Allow', Action: 's3:*', ...changes }))
  fc.assert(
    fc.property(fc.array(complete, { minLength: 1, maxLength: 3 }), kind, (statements, kindOf) => {
      expectPolicyOrSyntaxError(JSON.stringify({ Version: '2012-10-17', Statement: statements }), kindOf)
    }),
    { numRuns: 300 },
  )
})

test('a statement knows its place in the text', () => {
  const text =
    '{\n  "Version": "2012-10-17",\n  "Statement": [\n    {"Sid": "A", "Effect": "Allow",\n     "Action": "*", "Resource": "*"}\n  ]\n}'
  expect(parsePolicy(text, 'identity').statements[0]).toMatchObject({
    index: 0,
    sid: 'A',
    position: { start: { line: 4, column: 5 }, end: { line: 5, column: 37 } },
  })
})

test('an error says where it is and what AWS calls it', () => {
  const text = '{"Version":"2012-10-17",\n "Statement":{"Effect":"Allow","Action":"mq","Resource":"*"}}'
  expect(() => parsePolicy(text, 'identity')).toThrow(
    expect.objectContaining({
      message: 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.',
      position: { line: 2, column: 41 },
    }),
  )
})

test('a text that is too long is refused without being read', () => {
  expect(() => parsePolicy(' '.repeat(MAX_POLICY_LENGTH + 1), 'identity')).toThrow(/^Syntax errors in policy\.$/)
})
