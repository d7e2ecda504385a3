import { expect, test } from 'vitest'
import { pageTokens } from '#kernel/page-token.ts'
import { paging } from '#services/mq/paging.ts'
import { ACCOUNT, NOW, REGION } from '#services/mq/testing/bench.ts'
import { accountId, region } from '#kernel/ids.ts'

const clock = { at: NOW, now: () => clock.at }
const pages = paging(pageTokens(new Uint8Array(32), clock))
const scope = { account: ACCOUNT, region: REGION }
const letters = ['a', 'b', 'c', 'd', 'e']

test('a list comes in pages, each telling where the next one starts', () => {
  const seen: string[] = []
  let NextToken: string | undefined
  do {
    const page = pages.slice('List', { MaxResults: 2, NextToken }, {}, letters, scope)
    expect(page.MaxResults).toBe(2)
    seen.push(...page.items)
    ;({ NextToken } = page)
  } while (NextToken !== undefined)
  expect(seen).toEqual(letters)
})

test('twenty items are a page when the caller does not say', () => {
  const page = pages.slice('List', {}, {}, Array.from({ length: 21 }, String), scope)
  expect(page.items).toHaveLength(20)
  expect(page.NextToken).toBeDefined()
})

test('the last page has no token', () => {
  expect(pages.slice('List', { MaxResults: 5 }, {}, letters, scope)).toEqual({ items: letters, MaxResults: 5 })
})

test.each([0, 101, -1])('a page of %d is refused', (MaxResults) => {
  expect(() => pages.read('List', { MaxResults }, {}, scope)).toThrow(
    expect.objectContaining({ code: 'BadRequestException', members: { ErrorAttribute: 'maxResults' } }),
  )
})

const token = (): string | undefined =>
  pages.slice('List', { MaxResults: 1 }, { EngineType: 'x' }, letters, scope).NextToken
const invalid = expect.objectContaining({ code: 'BadRequestException', members: { ErrorAttribute: 'nextToken' } })

test.each([
  { rule: 'of another operation', read: () => pages.read('Other', { NextToken: token() }, { EngineType: 'x' }, scope) },
  { rule: 'of another filter', read: () => pages.read('List', { NextToken: token() }, { EngineType: 'y' }, scope) },
  {
    rule: 'of another account',
    read: () =>
      pages.read('List', { NextToken: token() }, { EngineType: 'x' }, { ...scope, account: accountId('999988887777') }),
  },
  {
    rule: 'of another region',
    read: () =>
      pages.read('List', { NextToken: token() }, { EngineType: 'x' }, { ...scope, region: region('eu-west-1') }),
  },
  { rule: 'that was made up', read: () => pages.read('List', { NextToken: 'made-up' }, {}, scope) },
])('a token $rule is refused', ({ read }) => {
  expect(read).toThrow(invalid)
})

test('an expired token is refused', () => {
  const NextToken = token()
  clock.at += 25 * 60 * 60 * 1_000
  expect(() => pages.read('List', { NextToken }, { EngineType: 'x' }, scope)).toThrow(invalid)
})
