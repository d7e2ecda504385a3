import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type {
  ApiEvent,
  ApiEventQuery,
  ApiJournal,
  StoredApiEvent,
} from '../../server/src/stores/journals/api-journal.ts'
import { type JournalHome, TODAY } from './journal-home.ts'

const signal = (): AbortSignal => AbortSignal.timeout(60_000)

/** What every journal of API events must do. */
export function apiJournalContract(name: string, home: JournalHome<ApiJournal>): void {
  describe(`API journal: ${name}`, () => {
    let journal: ApiJournal
    let lastAccount = 0
    const newAccount = (): string => String(++lastAccount).padStart(12, '0')
    const settle = async (): Promise<void> => home.settle?.(journal)
    const event = (account: string, eventTime: number, changed: Partial<ApiEvent> = {}): ApiEvent => ({
      account,
      region: 'us-east-1',
      eventTime,
      eventId: `id-${account}-${String(eventTime)}`,
      eventName: 'CreateBroker',
      readOnly: false,
      username: 'alice',
      accessKeyId: 'AKIAEXAMPLE',
      eventSource: 'amazonmq.amazonaws.com',
      resources: [],
      record: `{"eventTime":${String(eventTime)}}`,
      ...changed,
    })
    const ask = (account: string, query: Partial<ApiEventQuery> = {}): Promise<readonly StoredApiEvent[]> =>
      journal.query({ account, region: 'us-east-1', from: 0, to: TODAY * 2, limit: 50, signal: signal(), ...query })
    const times = (found: readonly StoredApiEvent[]): number[] => found.map(({ eventTime }) => eventTime - TODAY)

    beforeAll(async () => {
      journal = await home.open()
    })
    afterAll(() => home.close(journal))

    test('events come newest first, as they were given', async () => {
      const account = newAccount()
      const given = [
        event(account, TODAY, {
          resources: [
            { type: 'AWS::AmazonMQ::Broker', name: 'it\'s \\ a\n"broker"' },
            { type: 'AWS::AmazonMQ::Configuration', name: 'c' },
          ],
        }),
        event(account, TODAY + 2, { username: '', record: '{"x":"日本語"}', readOnly: true }),
        event(account, TODAY + 1, { record: 'r'.repeat(300_000) }),
      ]
      for (const each of given) await journal.append(each)
      await settle()
      const found = await ask(account)
      const seqs = found.map(({ seq }) => seq)
      expect(found).toEqual([given[1], given[2], given[0]].map((each, index) => ({ ...each, seq: seqs[index] })))
    })

    test('only the account and the region asked for are read', async () => {
      const [account, other] = [newAccount(), newAccount()]
      await journal.append(event(account, TODAY))
      await journal.append(event(account, TODAY + 1, { region: 'eu-west-1' }))
      await journal.append(event(other, TODAY + 2))
      await settle()
      expect(times(await ask(account))).toEqual([0])
      expect(times(await ask(account, { region: 'eu-west-1' }))).toEqual([1])
      expect(times(await ask(other))).toEqual([2])
    })

    test('both ends of a time range are inclusive, and pages hold every event once', async () => {
      const account = newAccount()
      for (const offset of [3, 1, 1, 2, 0, 4]) {
        await journal.append(event(account, TODAY + offset))
        if (offset === 2) await settle()
      }
      expect(times(await ask(account, { from: TODAY + 1, to: TODAY + 3 }))).toEqual([3, 2, 1, 1])
      const paged: StoredApiEvent[] = []
      for (let before: StoredApiEvent | undefined; ; before = paged.at(-1)) {
        const page = await ask(account, { limit: 2, ...(before === undefined ? {} : { before }) })
        if (page.length === 0) break
        paged.push(...page)
      }
      expect(times(paged)).toEqual([4, 3, 2, 1, 1, 0])
      expect(new Set(paged.map(({ seq }) => seq)).size).toBe(6)
    })

    test('each attribute finds its events', async () => {
      const account = newAccount()
      const odd = event(account, TODAY + 1, {
        eventId: 'odd',
        eventName: "Delete'Broker",
        readOnly: true,
        username: 'bob\\',
        accessKeyId: 'AKIAODD',
        eventSource: 'logs.amazonaws.com',
        resources: [{ type: 'AWS::Logs::LogGroup', name: '/a/b' }],
      })
      await journal.append(event(account, TODAY))
      await journal.append(odd)
      const filters: readonly NonNullable<ApiEventQuery['filter']>[] = [
        { by: 'eventId', value: 'odd' },
        { by: 'eventName', value: "Delete'Broker" },
        { by: 'readOnly', value: true },
        { by: 'username', value: 'bob\\' },
        { by: 'accessKeyId', value: 'AKIAODD' },
        { by: 'eventSource', value: 'logs.amazonaws.com' },
        { by: 'resourceName', value: '/a/b' },
        { by: 'resourceType', value: 'AWS::Logs::LogGroup' },
      ]
      for (const stage of ['waiting', 'settled']) {
        for (const filter of filters)
          expect(times(await ask(account, { filter })), `${stage} ${filter.by}`).toEqual([1])
        expect(times(await ask(account, { filter: { by: 'eventName', value: 'CreateBroker' } }))).toEqual([0])
        expect(times(await ask(account, { filter: { by: 'resourceName', value: '/a' } }))).toEqual([])
        await settle()
      }
    })

    test('an enqueued event is there soon, in its place, and never throws', async () => {
      const account = newAccount()
      for (const offset of [2, 1, 3]) journal.enqueue(event(account, TODAY + offset))
      await journal.append(event(account, TODAY))
      expect(times(await ask(account))).toEqual([3, 2, 1, 0])
    })

    test('what comes next is in the order in which it was taken, of all regions and categories, each event once', async () => {
      const [account, other] = [newAccount(), newAccount()]
      const before = journal.nextSeq()
      await journal.append(event(account, TODAY + 5, { eventId: 'a' }))
      await journal.append(event(account, TODAY + 1, { eventId: 'b', region: 'eu-west-1' }))
      await journal.append(event(other, TODAY, { eventId: 'other' }))
      await settle()
      await journal.append(event(account, TODAY + 3, { eventId: 'c', category: 'Data' }))
      await journal.append(event(account, TODAY, { eventId: 'd' }))
      for (const limit of [1, 2, 3, 100]) {
        const seen: StoredApiEvent[] = []
        for (let after = before - 1; ; after = seen.at(-1)?.seq ?? after) {
          const next = await journal.tail({ account, after, limit, signal: signal() })
          if (next.length === 0) break
          seen.push(...next)
        }
        expect(seen.map(({ eventId, category }) => `${eventId} ${category ?? ''}`)).toEqual([
          'a ',
          'b ',
          'c Data',
          'd ',
        ])
      }
      expect(journal.nextSeq()).toBeGreaterThan(before)
    })

    test('nothing taken before counts as coming after the next seq', async () => {
      const account = newAccount()
      await journal.append(event(account, TODAY, { eventId: 'before' }))
      const after = journal.nextSeq() - 1
      await journal.append(event(account, TODAY, { eventId: 'after' }))
      const next = await journal.tail({ account, after, limit: 10, signal: signal() })
      expect(next.map(({ eventId }) => eventId)).toEqual(['after'])
    })

    test('event history has no data events', async () => {
      const account = newAccount()
      await journal.append(event(account, TODAY, { category: 'Data' }))
      await journal.append(event(account, TODAY + 1))
      expect(times(await ask(account))).toEqual([1])
      await settle()
      expect(times(await ask(account))).toEqual([1])
    })

    if (home.reopen !== undefined) {
      const { reopen } = home
      test('everything appended is there after closing and opening again', async () => {
        const account = newAccount()
        await journal.append(event(account, TODAY))
        await settle()
        await journal.append(event(account, TODAY + 1))
        journal = await reopen(journal)
        await journal.append(event(account, TODAY + 2))
        expect(times(await ask(account))).toEqual([2, 1, 0])
      })
    }
  })
}
