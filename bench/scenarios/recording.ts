import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { callOf, openGatewayBench } from '@sluice/testkit/gateway-bench.ts'
import { type Audit, openAudit } from '../../packages/server/src/audit/audit.ts'
import { openGateway } from '../../packages/server/src/gateway/chain.ts'
import { openApiJournal } from '../../packages/server/src/stores/journals/api-events/index.ts'
import { openColumnStore } from '../../packages/server/src/stores/journals/column-store.ts'
import { type Scenario, median, ratio } from '../lib/scenario.ts'

const CALLS = 4_000
const ROUNDS = 9
const CONNECTIONS = 16
const UNRECORDED: Audit = { record: async () => {}, wantsData: async () => false }

export const recording: Scenario = {
  name: 'recording',
  what: 'CPU of a small signed read through the whole chain, recorded in the journal on disk, against not recorded',
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
    const measure = async (gateway: typeof plain): Promise<number> => {
      const calls = Array.from({ length: CALLS }, () => callOf('sts', 'GetCallerIdentity', {}))
      const before = process.cpuUsage()
      const worker = async (): Promise<void> => {
        for (let call = calls.pop(); call !== undefined; call = calls.pop()) {
          await gateway.handle(call)
          // As between requests that come off a network: others get their turn.
          await new Promise((resolve) => void setImmediate(resolve))
        }
      }
      await Promise.all(Array.from({ length: CONNECTIONS }, worker))
      const { user, system } = process.cpuUsage(before)
      return (user + system) / CALLS
    }
    await measure(plain)
    await measure(recorded)
    const rounds: { plain: number; recorded: number }[] = []
    for (let round = 0; round < ROUNDS; round += 1)
      rounds.push({ plain: await measure(plain), recorded: await measure(recorded) })
    await journal.close()
    await columns.close()
    await bench.close()
    rmSync(directory, { recursive: true, force: true })
    const microseconds = (value: number): string => `${value.toFixed(1)} µs`
    return [
      { what: 'CPU of a call, not recorded', value: microseconds(median(rounds.map((round) => round.plain))) },
      { what: 'recorded', value: microseconds(median(rounds.map((round) => round.recorded))) },
      {
        what: 'recorded against not (median of pairs)',
        value: ratio(median(rounds.map((round) => round.recorded / round.plain))),
        goal: 'goal ≤ 1.10 × of a call over HTTP, which costs several times as much',
      },
    ]
  },
}
