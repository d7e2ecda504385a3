import { expect, test } from 'vitest'
import { contextKeys } from './context-keys.ts'
import { parsePolicy } from './parse.ts'

test('lists the keys of conditions and variables once, as they were written first', () => {
  const policy = parsePolicy(
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: '*',
          Resource: 'arn:aws:s3:::b/${aws:username}/${*}',
          Condition: { Bool: { 'aws:SecureTransport': 'true' } },
        },
        {
          Effect: 'Deny',
          Action: '*',
          Resource: '*',
          Condition: { StringNotEquals: { 'AWS:UserName': ["${aws:PrincipalTag/team, 'x'}", 'y'] } },
        },
      ],
    }),
    'identity',
  )
  expect(contextKeys(policy)).toEqual(['aws:username', 'aws:SecureTransport', 'aws:PrincipalTag/team'])
})

test('a policy without conditions and variables has none', () => {
  const policy = parsePolicy(
    '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}',
    'identity',
  )
  expect(contextKeys(policy)).toEqual([])
})
