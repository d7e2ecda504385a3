import { expect, test } from 'vitest'
import { accountId, region } from '#kernel/ids.ts'
import { groupOfIdentifier, isStorable, referredGroup } from '#services/logs/names.ts'

const ctx = { account: accountId('111122223333'), region: region('eu-west-1') }
const ARN = 'arn:aws:logs:eu-west-1:111122223333:log-group:/a/b'

test('an identifier is a name or an ARN', () => {
  expect(groupOfIdentifier('/a/b', ctx)).toBe('/a/b')
  expect(groupOfIdentifier(ARN, ctx)).toBe('/a/b')
})

test.each([
  `${ARN}:*`,
  ARN.replace('111122223333', '444455556666'),
  ARN.replace('eu-west-1', 'us-east-1'),
  'arn:aws:s3:::b',
])('%s is no group here', (identifier) => {
  expect(() => groupOfIdentifier(identifier, ctx)).toThrow(
    expect.objectContaining({
      code: 'ResourceNotFoundException',
      message: 'The specified log group does not exist.',
    }),
  )
})

test('a request names its group in one way', () => {
  expect(referredGroup({ logGroupName: 'g' }, ctx)).toBe('g')
  expect(referredGroup({ logGroupIdentifier: ARN }, ctx)).toBe('/a/b')
  expect(() => referredGroup({ logGroupName: 'g', logGroupIdentifier: 'g' }, ctx)).toThrow(
    'LogGroup name and LogGroup ARN are mutually exclusive parameters.',
  )
  expect(() => referredGroup({}, ctx)).toThrow(/'logGroupName' failed to satisfy constraint: Member must not be null/)
})

test('a name that has no faithful UTF-8 text cannot be stored', () => {
  expect(['a', '語 😀'].map(isStorable)).toEqual([true, true])
  expect(['', 'a\0', '\ud83d', 'x\ude00'].map(isStorable)).toEqual([false, false, false, false])
})
