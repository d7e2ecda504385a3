import { expect, test } from 'vitest'
import { permittedFor } from '#services/mq/configuration/permitted.ts'

const PERMITTED = permittedFor('ldap')

test('every element that a collection may hold is described', () => {
  const named = [...PERMITTED.values()].flatMap(({ collections }) =>
    [...collections.values()].flatMap((each) => [...each]),
  )
  expect([...new Set(named)].filter((name) => !PERMITTED.has(name))).toEqual([])
})

test('every element but the broker is held by some collection', () => {
  const named = new Set(
    [...PERMITTED.values()].flatMap(({ collections }) => [...collections.values()].flatMap((each) => [...each])),
  )
  expect([...PERMITTED.keys()].filter((name) => !named.has(name))).toEqual(['broker'])
})

test('no element has an attribute that names a file, a class, a bean or a password', () => {
  const attributes = [...PERMITTED.values()].flatMap((each) => [...each.attributes.keys()])
  for (const name of attributes) expect(name).not.toMatch(/password|directory|class|bean|^id$|file/i)
})

test('permissions of a directory are for configurations of that strategy, without saying whose', () => {
  expect(permittedFor('simple').has('cachedLDAPAuthorizationMap')).toBe(false)
  expect([...(PERMITTED.get('cachedLDAPAuthorizationMap')?.attributes.keys() ?? [])].toSorted()).toEqual([
    'legacyGroupMapping',
    'queueSearchBase',
    'refreshInterval',
    'tempSearchBase',
    'topicSearchBase',
  ])
})
