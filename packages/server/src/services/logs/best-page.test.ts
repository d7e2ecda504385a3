import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bestPage } from '#services/logs/best-page.ts'

async function* inParts(items: readonly string[], size: number): AsyncGenerator<readonly string[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size)
}

test('pages put together are everything wanted, in order, whatever the order it comes in', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.string({ unit: fc.constantFrom('a', 'B', 'é', '😀', '\uffff') })),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 5 }),
      async (items, size, limit) => {
        const wanted = (item: string): boolean => !item.startsWith('B')
        const read: string[] = []
        let after: string | undefined
        do {
          const page = await bestPage({ parts: inParts(items, size), limit, after, position: (item) => item, wanted })
          expect(page.found.length).toBeLessThanOrEqual(limit)
          read.push(...page.found)
          after = page.next
        } while (after !== undefined)
        const bytes = (text: string) => Buffer.from(text)
        expect(read).toEqual(items.filter(wanted).toSorted((a, b) => Buffer.compare(bytes(a), bytes(b))))
      },
    ),
    { numRuns: 200 },
  )
})

test('a page that ends with the last item has no next one', async () => {
  const common = { after: undefined, position: (item: string) => item, wanted: () => true }
  expect(await bestPage({ ...common, parts: inParts(['b', 'a'], 1), limit: 2 })).toEqual({ found: ['a', 'b'] })
  expect(await bestPage({ ...common, parts: inParts(['b', 'a'], 1), limit: 1 })).toEqual({ found: ['a'], next: 'a' })
})
