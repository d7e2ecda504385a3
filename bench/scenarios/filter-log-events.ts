import { Agent } from 'node:http'
import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { selectEvents } from '../../packages/server/src/stores/journals/log-events/select-events.ts'
import { askColumns } from '../lib/column-child.ts'
import { load } from '../lib/load.ts'
import { type BenchPlatform, withPlatform } from '../lib/platform.ts'
import { type Row, type Scenario, count, median, millis, ratio } from '../lib/scenario.ts'
import { logsCall, storeEvents } from '../lib/stored-events.ts'

const EVENTS = 500_000
/** Millions of events in the whole store; the design speaks of five. */
const MILLIONS = Number(process.env['BENCH_MILLIONS'] ?? 1)
const REPEATS = 30
/** Calls that are not counted, for at most so many seconds: the first ones take twice the CPU, until they are compiled. */
const WARM_UP = { requests: 40, seconds: 3 }
const HOUR = 3_600_000
const LIMIT = 10_000

export const filterLogEvents: Scenario = {
  name: 'filter-log-events',
  what: `a group of ${count(EVENTS)} events in a store of ${String(MILLIONS)} M, against the same SQL asked of the same child`,
  run: () =>
    withPlatform(async (platform) => {
      await storeEvents(platform, 'others', MILLIONS * 1_000_000 - EVENTS)
      const { start, end } = await storeEvents(platform, 'bench', EVENTS)
      const middle = (start + end) / 2
      const compare = comparison(platform, await numberOf(platform))
      return [
        ...(await compare('one hour', { from: middle, to: middle + HOUR, text: 'Security Error occurred', few: true })),
        ...(await compare('seven days, a first page', { from: start, to: end, text: 'Security Error occurred' })),
        ...(await compare('seven days, few hits', { from: start, to: end, text: '[user77]' })),
        ...(await compare('seven days, no hit', { from: start, to: end, text: 'NEEDLE-IN-A-HAYSTACK' })),
      ]
    }),
}

interface Search {
  readonly from: number
  readonly to: number
  readonly text: string
  /** The platform asks for one thread and whole rows, as it does where there is little to look through. */
  readonly few?: boolean
}

/** Both sides in turn, so that what else the machine does meets both. */
const comparison =
  ({ aws, url, data }: BenchPlatform, group: number) =>
  async (what: string, { from, to, text, few = false }: Search): Promise<readonly Row[]> => {
    const range = { from: Math.floor(from), to: Math.floor(to) }
    const input = {
      logGroupName: 'bench',
      startTime: range.from,
      endTime: range.to,
      filterPattern: `"${text}"`,
      limit: LIMIT,
    }
    // A page ends at a megabyte: the SQL fetches as many rows as it has.
    const { events = [] } = await aws.logs.send(new FilterLogEventsCommand(input))
    const { sql, settings } = selectEvents({
      few,
      containing: { include: [text], exclude: [], any: [] },
      group,
      hiddenStreams: [],
      range,
      watermark: Number.MAX_SAFE_INTEGER,
      order: 'ascending',
      limit: events.length + 1,
    })
    // Texts of ours alone, without quotes, so that no parameter is needed.
    const asked = `${sql.replace('{literal0:String}', `'${text}'`)} FORMAT RowBinary`
    const call = logsCall('FilterLogEvents', () => JSON.stringify(input))
    // Both sides ask over a connection that is kept.
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    await load(url, call, { connections: 1, ...WARM_UP, agent })
    const ours: number[] = []
    const theirs: number[] = []
    const likeOurs: number[] = []
    for (let repeat = 0; repeat <= REPEATS; repeat += 1) {
      const began = performance.now()
      await askColumns(data, asked)
      const sqlMillis = performance.now() - began
      const again = performance.now()
      if (settings !== undefined) await askColumns(data, `${asked} SETTINGS ${settings}`)
      const likeOursMillis = performance.now() - again
      const [latency = Number.NaN] = (await load(url, call, { connections: 1, seconds: 60, requests: 1, agent }))
        .latencies
      // The first statement is a warm-up as well.
      if (repeat === 0) continue
      theirs.push(sqlMillis)
      likeOurs.push(likeOursMillis)
      ours.push(latency)
    }
    agent.destroy()
    return [
      { what: `${what}: p50`, value: millis(median(ours)) },
      { what: `${what}: against the SQL alone`, value: ratio(median(ours) / median(theirs)), goal: 'goal ≤ 1.3 ×' },
      ...(settings === undefined
        ? []
        : [{ what: `${what}: … with our settings for little`, value: ratio(median(ours) / median(likeOurs)) }]),
    ]
  }

/** The number by which the column store knows the group: groups are numbered in the order they are made. */
async function numberOf({ data }: BenchPlatform): Promise<number> {
  return Number((await askColumns(data, 'SELECT max(grp) FROM log_events FORMAT TSV')).toString('utf8'))
}
