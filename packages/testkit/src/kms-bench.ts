import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Apis } from '@sluice/wire'
import type { CallContext, OperationInput, OperationOutput } from '../../server/src/kernel/call.ts'
import type { Clock } from '../../server/src/kernel/clock.ts'
import { CLOSED_GATE } from '../../server/src/kernel/gatekeeper.ts'
import { type AccountId, type Region, accountId, region } from '../../server/src/kernel/ids.ts'
import { pageTokens } from '../../server/src/kernel/page-token.ts'
import type { Principal, ServicePrincipal } from '../../server/src/kernel/principal.ts'
import type { ServiceEvent } from '../../server/src/kernel/service-event.ts'
import { type Kms, type Vault, kmsService, openVault } from '../../server/src/services/kms/index.ts'
import type { RecordStore } from '../../server/src/stores/records/record-store.ts'
import { openSqliteRecords } from '../../server/src/stores/records/sqlite/index.ts'

type KmsApi = Apis['kms']
type Metadata = NonNullable<OperationOutput<'kms', 'DescribeKey'>['KeyMetadata']>

/** Who calls, and where. */
export interface KmsBenchCall {
  readonly account?: AccountId
  readonly region?: Region
  readonly principal?: Principal
  readonly calledVia?: readonly ServicePrincipal[]
}

/** KMS alone: real records, and a clock that stands still until it is moved. The gate is not asked. */
export interface KmsBench extends Kms {
  readonly records: RecordStore
  readonly vault: Vault
  readonly clock: Clock & { advance(millis: number): void }
  readonly account: AccountId
  readonly region: Region
  /** What was told to CloudTrail, unless it takes nothing. */
  readonly trail: { isDeaf: boolean; readonly told: ServiceEvent[] }
  /** Where the records are. */
  readonly directory: string
  call<O extends keyof KmsApi>(
    operation: O,
    input: OperationInput<'kms', O>,
    options?: KmsBenchCall,
  ): Promise<OperationOutput<'kms', O>>
  /** A new key; left out: a symmetric one. */
  key(input?: OperationInput<'kms', 'CreateKey'>, options?: KmsBenchCall): Promise<Metadata & { readonly Arn: string }>
  context(options?: KmsBenchCall): CallContext
  /** The same records under a new service, as after a restart. */
  restarted(): Promise<Kms>
  close(): Promise<void>
}

const START = Date.UTC(2026, 10, 21, 12)
export const DAY_MILLIS = 86_400_000

export async function openKmsBench(): Promise<KmsBench> {
  const directory = mkdtempSync(join(tmpdir(), 'kms-bench-'))
  const records = openSqliteRecords({ file: join(directory, 'records.db') })
  let now = START
  const clock = {
    now: () => now,
    advance: (millis: number): void => {
      now += millis
    },
  }
  const rootKey = randomBytes(32)
  const tokens = pageTokens(randomBytes(32), clock)
  const vault = await openVault(records, rootKey)
  const trail: KmsBench['trail'] = { isDeaf: false, told: [] }
  const tell = async (event: ServiceEvent): Promise<void> => {
    if (trail.isDeaf) throw new Error('nobody listens')
    trail.told.push(event)
  }
  const kms = kmsService({ records, vault, clock, tokens, tell })
  const account = accountId('111122223333')
  const home = region('eu-west-1')

  const context = (call: KmsBenchCall = {}): CallContext => ({
    requestId: randomUUID(),
    account: call.account ?? account,
    region: call.region ?? home,
    principal: call.principal ?? rootOf(call.account ?? account),
    calledVia: call.calledVia ?? [],
    source: { ip: '127.0.0.1', userAgent: 'test' },
    now: clock.now(),
    call: () => Promise.reject(new Error('KMS calls no other service')),
    gate: CLOSED_GATE,
    signal: new AbortController().signal,
  })
  const call: KmsBench['call'] = async (operation, input, options) => {
    const { [operation]: handler } = kms.service.operations
    if (handler === undefined) throw new Error(`${operation} is not built`)
    return handler(input, context(options))
  }
  return {
    ...kms,
    records,
    vault,
    clock,
    account,
    region: home,
    trail,
    directory,
    call,
    context,
    key: async (input = {}, options = {}) => {
      const { KeyMetadata: metadata } = await call('CreateKey', input, options)
      if (metadata?.Arn === undefined) throw new Error('CreateKey answered no key')
      return { ...metadata, Arn: metadata.Arn }
    },
    restarted: async () => kmsService({ records, vault: await openVault(records, rootKey), clock, tokens, tell }),
    async close() {
      await records.close()
      rmSync(directory, { recursive: true })
    },
  }
}

const rootOf = (account: AccountId): Principal => ({
  kind: 'root',
  account,
  arn: `arn:aws:iam::${account}:root`,
  accessKeyId: account,
})
