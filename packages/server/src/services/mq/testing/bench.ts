import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Apis } from '@sluice/wire'
import type { Call, CallContext, OperationInput, OperationOutput } from '#kernel/call.ts'
import type { AuditDetail } from '#kernel/config.ts'
import { CLOSED_GATE } from '#kernel/gatekeeper.ts'
import { type AccountId, accountId, newUuid, region } from '#kernel/ids.ts'
import { pageTokens } from '#kernel/page-token.ts'
import type { Principal } from '#kernel/principal.ts'
import { keySealer } from '#kernel/secrets.ts'
import { silentTelemetry } from '#kernel/telemetry.ts'
import { openSqliteRecords } from '#stores/records/sqlite/index.ts'
import type { BrokerEngine, EngineVersion } from '#engines/broker-engine.ts'
import type { RecordStore } from '#stores/records/record-store.ts'
import type { BrokerRecord } from '#services/mq/broker-record.ts'
import { brokerStore } from '#services/mq/broker-store.ts'
import { mqService } from '#services/mq/index.ts'
import type { RestartTuning } from '#services/mq/reconciler/restart-policy.ts'
import { fakeDeliveries } from '#services/mq/testing/fake-deliveries.ts'
import { fakeEngine } from '#services/mq/testing/fake-engine.ts'
import { FakeLogs } from '#services/mq/testing/fake-logs.ts'
import { World } from '#services/mq/testing/world.ts'

export const ACCOUNT: AccountId = accountId('111122223333')
export const REGION = region('us-east-1')
/** 2026-11-21T11:16:40Z */
export const NOW = 1_795_259_800_000
/** In memory where the system has such a place: these tests are about brokers, not about disks. */
const SCRATCH = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
/** The platform's own key. */
export const KEY: Uint8Array = new Uint8Array(32).fill(7)

export const alice: Principal = {
  kind: 'user',
  account: ACCOUNT,
  arn: `arn:aws:iam::${ACCOUNT}:user/alice`,
  accessKeyId: 'AKIAALICE',
  userName: 'alice',
  userId: 'AIDAALICE',
}

/** For tests: a good CreateBroker input, with what the test is about put over it. */
export const newBroker = (
  changes: Partial<OperationInput<'mq', 'CreateBroker'>> = {},
): OperationInput<'mq', 'CreateBroker'> => ({
  BrokerName: 'MyBroker',
  DeploymentMode: 'SINGLE_INSTANCE',
  EngineType: 'ActiveMQ',
  EngineVersion: '5.18',
  HostInstanceType: 'mq.m5.large',
  PubliclyAccessible: false,
  Users: [{ Username: 'admin', Password: 'correct horse battery' }],
  ...changes,
})

const QUICK: RestartTuning = { delaysMillis: [5], criticalAfter: 3, stableMillis: 60_000 }

/** What a life of the platform may be given instead of its parts, to let it die at a point of choice. */
interface Wrapping {
  readonly records?: (records: RecordStore) => RecordStore
  readonly engine?: (engine: BrokerEngine) => BrokerEngine
  readonly restarts?: RestartTuning
  /** The way to other services; the fake of Logs when left out. */
  readonly call?: Call
  readonly auditDetail?: AuditDetail
  /** The RabbitMQ that the machine has. */
  readonly rabbitmq?: EngineVersion
}

/** For tests: Amazon MQ on a real record store and a {@link World} of fake brokers; several lives, one after the other. */
export function openBench() {
  const directory = mkdtempSync(join(SCRATCH, 'mq-'))
  const records = openSqliteRecords({ file: join(directory, 'records.db') })
  const world = new World()
  const logs = new FakeLogs()
  const clock = { now: (): number => NOW + Math.round(performance.now()) }
  const closing = new Set<() => Promise<void>>()

  const contextOf = (principal: Principal = alice): CallContext => ({
    requestId: newUuid(),
    account: principal.account,
    region: REGION,
    principal,
    calledVia: [],
    gate: CLOSED_GATE,
    source: { ip: '127.0.0.1', userAgent: 'test' },
    now: clock.now(),
    call: logs.call,
    signal: new AbortController().signal,
  })

  /** A platform: its operations, its reconciler (not started), its deliveries. */
  function live(wrapping: Wrapping = {}) {
    const deliveries = fakeDeliveries(world)
    const engine = fakeEngine(world)
    const mq = mqService({
      records: wrapping.records?.(records) ?? records,
      engine: wrapping.engine?.(engine) ?? engine,
      deliveries,
      call: wrapping.call ?? logs.call,
      clock,
      sealer: keySealer(KEY),
      telemetry: silentTelemetry,
      tokens: pageTokens(KEY, clock),
      engineVersions: [
        { requested: '5.18', runs: '5.18.3' },
        { requested: '5.17.6', runs: '5.17.6' },
      ],
      instanceTypes: ['mq.t3.micro', 'mq.m5.large'],
      rabbitmq: {
        engine: wrapping.engine?.(engine) ?? engine,
        installed: () => wrapping.rabbitmq,
        instanceTypes: ['mq.t3.micro', 'mq.m5.large'],
      },
      auditDetail: wrapping.auditDetail ?? 'management',
      restarts: wrapping.restarts ?? QUICK,
    })
    const close = (): Promise<void> => mq.reconciler.close()
    closing.add(close)
    return {
      ...mq,
      deliveries,
      /** As kill -9: whatever the wrapped parts do not answer any more is not waited for. */
      kill(): void {
        closing.delete(close)
        deliveries.kill()
      },
    }
  }

  const store = brokerStore(records)
  const read = (brokerId: string): Promise<BrokerRecord | undefined> =>
    store.get({ account: ACCOUNT, region: REGION, brokerId })

  /** Waits until the record is as wanted; fails after ten seconds with what it is instead. */
  async function until(
    brokerId: string,
    isReached: (record: BrokerRecord | undefined) => boolean,
  ): Promise<BrokerRecord | undefined> {
    const giveUp = performance.now() + 10_000
    for (;;) {
      const record = await read(brokerId)
      if (isReached(record)) return record
      if (performance.now() > giveUp)
        throw new Error(`the broker stayed ${record?.state ?? 'gone'}: ${JSON.stringify(record?.problem)}`)
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
  }

  return {
    world,
    logs,
    clock,
    records,
    store,
    live,
    read,
    until,
    untilState: (brokerId: string, state: BrokerRecord['state']) =>
      until(brokerId, (record) => record?.state === state),
    untilGone: (brokerId: string) => until(brokerId, (record) => record === undefined),
    contextOf,
    /** Every byte that the record store has written. */
    written: (): string =>
      readdirSync(directory)
        .map((name) => readFileSync(join(directory, name), 'latin1'))
        .join(''),
    close: async (): Promise<void> => {
      for (const close of closing) await close()
      await records.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

export type Bench = ReturnType<typeof openBench>
export type Life = ReturnType<Bench['live']>

/** For tests: calls a built operation as the gateway would, after its input was read. */
export async function run<O extends keyof Apis['mq']>(
  life: Life,
  operation: O,
  input: OperationInput<'mq', O>,
  ctx: CallContext,
): Promise<OperationOutput<'mq', O>> {
  const { [operation]: handler } = life.service.operations
  if (handler === undefined) throw new Error(`${operation} is not built`)
  return handler(input, ctx)
}

/** For tests: creates a broker and answers its id. */
export async function create(
  life: Life,
  ctx: CallContext,
  changes: Parameters<typeof newBroker>[0] = {},
): Promise<string> {
  const { BrokerId: brokerId } = await run(life, 'CreateBroker', newBroker(changes), ctx)
  if (brokerId === undefined) throw new Error('CreateBroker answered no id')
  return brokerId
}
