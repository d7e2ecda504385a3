import { expect, test } from 'vitest'
import { cachedPolicy, createPolicyCache } from './cache.ts'
import { PolicySyntaxError } from './syntax-error.ts'

const text = (sid: string): string =>
  `{"Version":"2012-10-17","Statement":{"Sid":"${sid}","Effect":"Allow","Action":"*","Resource":"*"}}`

test('the same text of the same kind is parsed once', () => {
  expect(cachedPolicy(text('a'), 'identity')).toBe(cachedPolicy(text('a'), 'identity'))
})

test('the same text of another kind is another policy', () => {
  const cache = createPolicyCache()
  cache.get(text('a'), 'identity')
  expect(() => cache.get(text('a'), 'resource')).toThrow(PolicySyntaxError)
  const both = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"sts:*","Resource":"*"}}'
  expect(cache.get(both, 'resource').kind).toBe('resource')
  expect(() => cache.get(both, 'trust')).toThrow('Has prohibited field Resource')
})

test('never keeps more policies than it may, and drops the one that was not used for longest', () => {
  const cache = createPolicyCache({ policies: 2, characters: 1_000_000 })
  const first = cache.get(text('a'), 'identity')
  cache.get(text('b'), 'identity')
  expect(cache.get(text('a'), 'identity')).toBe(first)
  cache.get(text('c'), 'identity')
  expect(cache.size).toBe(2)
  expect(cache.get(text('a'), 'identity')).toBe(first)
})

test('never keeps more characters than it may', () => {
  const one = text('a').length
  const cache = createPolicyCache({ policies: 100, characters: one * 3 })
  for (const sid of ['a', 'b', 'c', 'd', 'e']) cache.get(text(sid), 'identity')
  expect(cache.characters).toBe(one * 3)
  expect(cache.size).toBe(3)
})

test('a policy that is too long to keep is still parsed', () => {
  const cache = createPolicyCache({ policies: 10, characters: 10 })
  expect(cache.get(text('a'), 'identity').statements[0]?.sid).toBe('a')
  expect([cache.size, cache.characters]).toEqual([0, 0])
})

test('a text that cannot be parsed throws every time and is not kept', () => {
  const cache = createPolicyCache()
  expect(() => cache.get('{', 'identity')).toThrow(PolicySyntaxError)
  expect(() => cache.get('{', 'identity')).toThrow(PolicySyntaxError)
  expect(cache.size).toBe(0)
})
