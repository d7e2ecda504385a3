import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import { callOf, openGatewayBench } from '@sluice/testkit/gateway-bench.ts'
import { type Audit, openAudit } from '../../packages/server/src/audit/audit.ts'
import { type Gateway, openGateway } from '../../packages/server/src/gateway/chain.ts'
import { openApiJournal } from '../../packages/server/src/stores/journals/api-events/index.ts'
import { openColumnStore } from '../../packages/server/src/stores/journals/column-store.ts'
import { load } from '../lib/load.ts'
import { withPlatform } from '../lib/platform.ts'
import { cpuSeconds, ownCpuSeconds } from '../lib/processes.ts'
import { type Row, type Scenario, median, ratio } from '../lib/scenario.ts'
import { SMALL_CALL } from './small-call.ts'

const CONNECTIONS = 16
const UNRECORDED: Audit = { record: async () => {}, wantsData: async () => false }

/** How calls come: so many, from so many callers, each with a pause after its call. */
interface Pattern {
  readonly name: string
  readonly calls: number
  readonly callers: number
  readonly rounds: number
  readonly pause: () => Promise<unknown>
}
const PATTERNS: readonly Pattern[] = [
  // As between requests that come off a network: others get their turn.
  { name: '16 at a time', calls: 4_000, callers: CONNECTIONS, rounds: 9, pause: () => setImmediate() },
  { name: 'one every 2 ms', calls: 500, callers: 1, rounds: 5, pause: () => sleep(2) },
]

export const recording: Scenario = {
  name: 'recording',
  what: 'CPU of a small signed read, recorded in the journal on disk, against not recorded: through the whole chain, and as a call over HTTP',
  run: async () => {
    const bench = openGatewayBench()
    const directory = mkdtempSync(join(tmpdir(), 'recording-'))
    const { telemetry, registry, denials, gatekeeping } = bench
    const { clock, records } = bench.iam
    const columns = await openColumnStore({ directory: join(directory, 'clickhouse'), telemetry })
    const journal = await openApiJournal({ directory: join(directory, 'api'), records, columns, clock, telemetry })
    const gatewayWith = (audit: Audit) => openGateway({ ...gatekeeping, registry, audit, clock, telemetry, denials })
    const recorded = gatewayWith(openAudit(journal))
    const plain = gatewayWith(UNRECORDED)
    const rows: Row[] = []
    let added = 0
    for (const pattern of PATTERNS) {
      await cpuOfCall(plain, pattern)
      await cpuOfCall(recorded, pattern)
      const rounds: { plain: number; recorded: number }[] = []
      for (let round = 0; round < pattern.rounds; round += 1)
        rounds.push({ plain: await cpuOfCall(plain, pattern), recorded: await cpuOfCall(recorded, pattern) })
      const without = median(rounds.map((round) => round.plain))
      const more = median(rounds.map((round) => round.recorded - round.plain))
      if (pattern.callers === CONNECTIONS) added = more
      const value = `${without.toFixed(0)} + ${more.toFixed(1)} µs`
      rows.push({ what: `in the chain, ${pattern.name}: CPU of a call + recording`, value })
    }
    await journal.close()
    await columns.close()
    await bench.close()
    rmSync(directory, { recursive: true, force: true })
    const { platform, columnStore } = await cpuOverHttp()
    const whole = platform + columnStore
    const unrecorded = platform - added
    return [
      ...rows,
      { what: 'over HTTP, 16 at a time: CPU of the platform for a call', value: `${platform.toFixed(0)} µs` },
      { what: '… of the column store, which takes the records', value: `${columnStore.toFixed(0)} µs` },
      {
        what: '… recorded against not, without the column store',
        value: ratio(platform / unrecorded),
        goal: 'goal ≤ 1.10 ×',
      },
      { what: '… with it', value: ratio(whole / unrecorded) },
    ]
  },
}

/** Microseconds. */
async function cpuOfCall(gateway: Gateway, { calls: count, callers, pause }: Pattern): Promise<number> {
  const calls = Array.from({ length: count }, () => callOf('sts', 'GetCallerIdentity', {}))
  const before = process.cpuUsage()
  const caller = async (): Promise<void> => {
    for (let call = calls.pop(); call !== undefined; call = calls.pop()) {
      await gateway.handle(call)
      await pause()
    }
  }
  await Promise.all(Array.from({ length: callers }, caller))
  // What nobody waits for reaches the disk a moment later, and is part of it.
  await sleep(50)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / count
}

/** Microseconds for a recorded call over HTTP, by process; the client is another process. */
const cpuOverHttp = (): Promise<{ readonly platform: number; readonly columnStore: number }> =>
  withPlatform(async ({ url, pid }) => {
    await load(url, SMALL_CALL, { connections: CONNECTIONS, seconds: 2 })
    const before = { own: ownCpuSeconds(pid), all: cpuSeconds(pid) }
    const { requests } = await load(url, SMALL_CALL, { connections: CONNECTIONS, seconds: 10 })
    // The column store takes what is left.
    await sleep(3_000)
    const own = ownCpuSeconds(pid) - before.own
    const all = cpuSeconds(pid) - before.all
    return { platform: (own * 1_000_000) / requests, columnStore: ((all - own) * 1_000_000) / requests }
  })
