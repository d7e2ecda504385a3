import fc from 'fast-check'
import { expect, test } from 'vitest'
import { collectPage } from '#services/logs/describe-page.ts'
import { MAX_RECORDS_SCANNED } from '#services/logs/limits.ts'

const listOf = (items: readonly string[]) => async (after: string | undefined, count: number) =>
  items.filter((item) => after === undefined || item > after).slice(0, count)

test('pages of any size put together are the wanted items, in order', async () => {
  const items = fc.uniqueArray(fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 4 }), { maxLength: 30 })
  await fc.assert(
    fc.asyncProperty(
      items,
      fc.integer({ min: 1, max: 7 }),
      fc.option(fc.constantFrom('a', 'b')),
      async (all, limit, letter) => {
        const sorted = all.toSorted()
        const wanted = letter === null ? undefined : (item: string) => item.includes(letter)
        const found: string[] = []
        let after: string | undefined
        do {
          const page = await collectPage({
            limit,
            after,
            list: listOf(sorted),
            position: (item) => item,
            ...(wanted && { wanted }),
          })
          expect(page.found.length).toBeLessThanOrEqual(limit)
          found.push(...page.found)
          after = page.next
        } while (after !== undefined)
        expect(found).toEqual(wanted ? sorted.filter(wanted) : sorted)
      },
    ),
  )
})

test('a search that finds little ends after a bounded number of records, with a place to go on from', async () => {
  const list = async (after = '0', count: number) =>
    Array.from({ length: count }, (_, i) => String(Number(after) + i + 1))
  const { found, next } = await collectPage({
    limit: 5,
    after: undefined,
    list,
    position: (item) => item,
    wanted: (item) => item === '3',
  })
  expect(found).toEqual(['3'])
  expect(Number(next)).toBeGreaterThanOrEqual(MAX_RECORDS_SCANNED)
  expect(Number(next)).toBeLessThan(2 * MAX_RECORDS_SCANNED)
})
