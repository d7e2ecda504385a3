import type { Apis } from '@sluice/wire'
import type { Handler, OperationInput, OperationOutput } from '#kernel/call.ts'
import type { EpochMillis } from '#kernel/ids.ts'
import type { PageTokens } from '#kernel/page-token.ts'
import type { Sealer } from '#kernel/secrets.ts'
import type { RecordStore } from '#stores/records/record-store.ts'

/** What IAM's operations are built with. */
export interface IamDeps {
  readonly records: RecordStore
  /** Seals the secrets of access keys. */
  readonly sealer: Sealer
  readonly tokens: PageTokens
}

/** The handler of one operation of IAM. */
export type IamHandler<O extends keyof Apis['iam']> = Handler<OperationInput<'iam', O>, OperationOutput<'iam', O>>

/** What operations answer that have nothing to say. */
export type NoOutput = Readonly<Record<string, never>>

/** IAM's dates have whole seconds. */
export const wholeSecond = (at: EpochMillis): EpochMillis => Math.floor(at / 1_000) * 1_000
