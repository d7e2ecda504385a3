import { expect, test } from 'vitest'
import { accountId, region } from '#kernel/ids.ts'
import {
  NAMED_KINDS,
  groupArn,
  groupArnWithStreams,
  groupOfStreamArn,
  namedArn,
  parseDestinationArn,
  parseGroupArn,
  parseNamedArn,
  streamArn,
} from '#services/logs/arns.ts'

const place = { account: accountId('111122223333'), region: region('eu-west-1') }
const ARN = 'arn:aws:logs:eu-west-1:111122223333:log-group:/a/b'

test('ARNs have the forms that AWS gives them', () => {
  expect(groupArn(place, '/a/b')).toBe(ARN)
  expect(groupArnWithStreams(place, '/a/b')).toBe(`${ARN}:*`)
  expect(streamArn(place, '/a/b', 's')).toBe(`${ARN}:log-stream:s`)
  expect(streamArn(place, '', '')).toBe('arn:aws:logs:eu-west-1:111122223333:log-group::log-stream:')
})

test("a group's ARN is taken apart, anything else is not one", () => {
  expect(parseGroupArn(ARN)).toEqual({ account: '111122223333', region: 'eu-west-1', name: '/a/b' })
  for (const other of [
    `${ARN}:*`,
    `${ARN}:log-stream:s`,
    '/a/b',
    'arn:aws:logs:r:a:log-group:',
    'arn:aws:s3:::b',
    '',
  ]) {
    expect(parseGroupArn(other), other).toBeUndefined()
  }
})

test('the group of a stream is found in its ARN', () => {
  expect(groupOfStreamArn(`${ARN}:log-stream:s:with:colons`)).toBe('/a/b')
  expect(groupOfStreamArn(`${ARN}:log-stream:`)).toBe('/a/b')
  expect(groupOfStreamArn(ARN)).toBeUndefined()
  expect(groupOfStreamArn(streamArn(place, '', ''))).toBeUndefined()
})

test.each(NAMED_KINDS)('the ARN of a %s is taken apart into what it was made of', (kind) => {
  const arn = namedArn(kind, place, 'n')
  expect(arn).toBe(`arn:aws:logs:eu-west-1:111122223333:${kind}:n`)
  expect(parseNamedArn(arn)).toEqual({ kind, ...place, name: 'n' })
  expect(parseNamedArn(`${arn}:more`)).toBeUndefined()
  expect(parseDestinationArn(arn) !== undefined).toBe(kind === 'destination')
})

test('nothing else has a name of its own', () => {
  for (const other of [ARN, `${ARN}:*`, 'arn:aws:logs:eu-west-1:111122223333:anomaly-detector:d', 'delivery:d', '']) {
    expect(parseNamedArn(other), other).toBeUndefined()
  }
})
