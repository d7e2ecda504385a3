import { expect, test } from 'vitest'
import type { Decision } from '@sluice/policy'
import { AccessDenied, AwsError, messageOf } from '#kernel/errors.ts'

test('an AWS error carries what a client is told, and keeps its cause to itself', () => {
  const cause = new Error('disk full')
  const error = new AwsError('ResourceNotFoundException', 400, 'No such group.', { ErrorAttribute: 'name' }, cause)
  expect(error).toMatchObject({ name: 'ResourceNotFoundException', code: 'ResourceNotFoundException', status: 400 })
  expect(error.members).toEqual({ ErrorAttribute: 'name' })
  expect(error.cause).toBe(cause)
  expect(error.message).toBe('No such group.')
})

test('further members are none unless they are given', () => {
  expect(new AwsError('A', 400, 'a').members).toEqual({})
})

test('a denial is an AWS error that remembers the decision', () => {
  const decision = { allowed: false } as Decision
  const denied = new AccessDenied('AccessDeniedException', 403, 'no', decision)
  expect(denied).toBeInstanceOf(AwsError)
  expect(denied.decision).toBe(decision)
})

test.each([
  { thrown: new Error('why'), says: 'why' },
  { thrown: 'a text', says: 'a text' },
  { thrown: 7, says: '7' },
  { thrown: undefined, says: 'undefined' },
  { thrown: null, says: 'null' },
])('whatever was thrown has a message: $says', ({ thrown, says }) => {
  expect(messageOf(thrown)).toBe(says)
})
