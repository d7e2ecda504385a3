import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LogGroup } from '#services/logs/catalog/log-group.ts'
import { type RankedPosition, rankedStreams } from '#services/logs/catalog/ranked-streams.ts'
import type { LogStream, Streams } from '#services/logs/catalog/streams.ts'

const group = {} as LogGroup
const byName = (a: { name: string }, b: { name: string }) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name))

/** Streams whose number is their rank, listed by name as the records list them. */
function streamsOf(all: readonly LogStream[]): { readonly streams: Streams; readonly largestList: () => number } {
  const sorted = all.toSorted(byName)
  let largest = 0
  const list: Streams['list'] = async (_group, { prefix = '', after, limit }) => {
    largest = Math.max(largest, limit)
    return sorted
      .filter(
        (stream) => stream.name.startsWith(prefix) && (after === undefined || byName(stream, { name: after }) > 0),
      )
      .slice(0, limit)
  }
  return { streams: { list } as Streams, largestList: () => largest }
}

async function pages(all: readonly LogStream[], limit: number, descending: boolean, prefix = '') {
  const { streams } = streamsOf(all)
  const found: LogStream[] = []
  let after: RankedPosition | undefined
  do {
    const page = await rankedStreams(streams, group, {
      prefix,
      descending,
      limit,
      rank: async ({ number }) => number,
      ...(after === undefined ? {} : { after }),
    })
    expect(page.found.length).toBeLessThanOrEqual(limit)
    found.push(...page.found)
    after = page.next
  } while (after !== undefined)
  return found
}

test('pages put together are all streams by rank, then by name, either way round', async () => {
  const names = fc.uniqueArray(
    fc.string({ unit: fc.constantFrom('a', 'b', 'ä', '😀', '\uffee'), minLength: 1, maxLength: 3 }),
    {
      maxLength: 20,
    },
  )
  await fc.assert(
    fc.asyncProperty(
      names,
      fc.infiniteStream(fc.nat({ max: 3 })),
      fc.integer({ min: 1, max: 6 }),
      async (all, ranks, limit) => {
        const streams = all.map((name) => ({ name, number: Number(ranks.next().value), creationTime: 0 }))
        const want = streams.toSorted((a, b) => a.number - b.number || byName(a, b))
        expect(await pages(streams, limit, false)).toEqual(want)
        expect(await pages(streams, limit, true)).toEqual(want.toReversed())
      },
    ),
  )
})

test('every stream of a large group is looked at, a bounded number at a time', async () => {
  const all = Array.from({ length: 1_234 }, (_, i) => ({
    name: `s${String(i)}`,
    number: (i * 7_919) % 1_234,
    creationTime: 0,
  }))
  const { streams, largestList } = streamsOf(all)
  const { found, next } = await rankedStreams(streams, group, {
    prefix: '',
    descending: true,
    limit: 3,
    rank: async ({ number }) => number,
  })
  expect(found.map(({ number }) => number)).toEqual([1_233, 1_232, 1_231])
  expect(next).toEqual({ rank: 1_231, name: found[2]?.name })
  expect(largestList()).toBeLessThanOrEqual(500)
})

test('a prefix narrows the streams', async () => {
  const all = ['a1', 'b1', 'a2'].map((name, number) => ({ name, number, creationTime: 0 }))
  expect((await pages(all, 1, true, 'a')).map(({ name }) => name)).toEqual(['a2', 'a1'])
})
