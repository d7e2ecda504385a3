import { expect, test } from 'vitest'
import { PERMITTED } from '#services/mq/configuration/permitted.ts'

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
