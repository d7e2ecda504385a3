import { startTestPlatform, temporaryDirectory } from '@sluice/testkit/platform.ts'
import { HISTORY_DAYS, attributesOf, eventIdOf, fillEventHistory, rareAttributes } from '../lib/event-history.ts'
import { type LoadRequest, load } from '../lib/load.ts'
import { cpuSeconds } from '../lib/processes.ts'
import { type Row, type Scenario, count, median, millis, quantile } from '../lib/scenario.ts'

/** `BENCH_EVENTS=1000000` makes it the history that the goal speaks of. */
const EVENTS = Number(process.env['BENCH_EVENTS'] ?? 200_000)
/** Questions of each kind, each about another value. */
const QUESTIONS = Number(process.env['BENCH_QUESTIONS'] ?? 40)
const HEADERS = {
  'content-type': 'application/x-amz-json-1.1',
  'x-amz-target': 'CloudTrail_20131101.LookupEvents',
}
const DAY_SECONDS = 24 * 60 * 60

type Attribute = keyof ReturnType<typeof rareAttributes>
/** Asked by each: a value that many events have or some have, one of two of the oldest events, and one that none has. */
const ATTRIBUTES: readonly Attribute[] = [
  'EventName',
  'Username',
  'AccessKeyId',
  'EventSource',
  'ResourceType',
  'ResourceName',
]

interface Asked {
  /** Milliseconds. */
  readonly latencies: readonly number[]
  /** Milliseconds of the platform and its column store, a question. */
  readonly cpu: number
}

type Question = (n: number) => object
const by = (AttributeKey: string, AttributeValue: string) => ({ LookupAttributes: [{ AttributeKey, AttributeValue }] })
/** Some event, another one for each n, old ones and new ones. */
const some = (n: number): number => Math.floor(EVENTS * ((n * 0.618 + 0.5) % 1))

const questionsBy = (attribute: Attribute): readonly Question[] => [
  (n) => by(attribute, attributesOf(some(n))[attribute]),
  (n) => by(attribute, rareAttributes(n)[attribute]),
  (n) => by(attribute, `nothing-${String(n)}`),
]

/** A day of the history's middle. */
function dayOf(now: number, n: number) {
  const end = Math.floor(now / 1_000) - Math.floor((HISTORY_DAYS / 2 + (n % 20)) * DAY_SECONDS)
  return { StartTime: end - DAY_SECONDS, EndTime: end }
}

export const lookupEvents: Scenario = {
  name: 'lookup-events',
  what: 'LookupEvents over the event history of 89 days, one question at a time: by each attribute, for values of many events, of the two oldest, of none',
  run: async () => {
    const directory = temporaryDirectory()
    const first = await startTestPlatform({ data: directory.path })
    await first.stop()
    const now = Date.now()
    await fillEventHistory(directory.path, EVENTS, now)
    const platform = await startTestPlatform({ data: directory.path, args: ['--log-level', 'error'] })
    const all: number[] = []
    const rows: Row[] = [{ what: 'events in the history', value: count(EVENTS) }]
    const ask = async (question: Question, heard?: LoadRequest['heard']): Promise<Asked> => {
      const body = (n: number): string => JSON.stringify(question(n))
      const what = { service: 'cloudtrail', headers: HEADERS, body, ...(heard === undefined ? {} : { heard }) }
      const before = cpuSeconds(platform.pid)
      const { latencies, requests } = await load(platform.url, what, {
        connections: 1,
        seconds: 60,
        requests: QUESTIONS,
      })
      all.push(...latencies)
      return { latencies, cpu: ((cpuSeconds(platform.pid) - before) * 1_000) / requests }
    }
    const report = (what: string, asked: readonly Asked[]): void => {
      const list = (values: readonly number[]): string => values.map((value) => value.toFixed(0)).join(', ')
      const p50s = list(asked.map(({ latencies }) => median(latencies)))
      const worst = Math.max(...asked.map(({ latencies }) => quantile(latencies, 0.99)))
      const value = `${p50s}; ${worst.toFixed(0)}; ${list(asked.map(({ cpu }) => cpu))} ms`
      rows.push({ what: `${what}: p50; worst p99; CPU`, value })
    }
    try {
      // Whatever is only slow once.
      await ask(() => ({}))
      await ask((n) => by('Username', `warm-${String(n)}`))
      all.length = 0
      report('the newest page', [await ask(() => ({}))])
      let token: string | undefined
      const follow = (answer: string): void => {
        token = (JSON.parse(answer) as { readonly NextToken?: string }).NextToken
      }
      const next = (): object => (token === undefined ? {} : { NextToken: token })
      report('page after page', [await ask(next, follow)])
      token = undefined
      report('page after page by Username', [await ask(() => ({ ...by('Username', 'user-13'), ...next() }), follow)])
      for (const attribute of ATTRIBUTES) {
        const asked = []
        for (const question of questionsBy(attribute)) asked.push(await ask(question))
        report(`by ${attribute}, of many, two, none`, asked)
      }
      report('by EventId, of one, none', [
        await ask((n) => by('EventId', eventIdOf(some(n)))),
        await ask((n) => by('EventId', `nothing-${String(n)}`)),
      ])
      report('by ReadOnly, true, false', [
        await ask(() => by('ReadOnly', 'true')),
        await ask(() => by('ReadOnly', 'false')),
      ])
      const withinADay = []
      for (const attribute of ATTRIBUTES)
        withinADay.push(await ask((n) => ({ ...by(attribute, attributesOf(some(n))[attribute]), ...dayOf(now, n) })))
      report('within a day, by each', [await ask((n) => dayOf(now, n)), ...withinADay])
      rows.push({ what: 'all: p99', value: millis(quantile(all, 0.99)), goal: 'goal ≤ 100 ms of 1,000,000 events' })
      return rows
    } finally {
      await platform.stop()
      directory.remove()
    }
  },
}
