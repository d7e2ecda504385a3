import type { Apis } from '@sluice/wire'
import type { Handler, OperationInput, OperationOutput } from '#kernel/call.ts'
import type { AccountId, Region } from '#kernel/ids.ts'
import type { Principal, ServicePrincipal } from '#kernel/principal.ts'

export type KmsOperation = keyof Apis['kms']
export type KmsInput<O extends KmsOperation> = OperationInput<'kms', O>
export type KmsOutput<O extends KmsOperation> = OperationOutput<'kms', O>
export type KmsHandler<O extends KmsOperation> = Handler<KmsInput<O>, KmsOutput<O>>

/** Where keys and aliases live. */
export interface KmsPlace {
  readonly account: AccountId
  readonly region: Region
}

/** Pairs that are bound to a ciphertext. */
export type EncryptionContext = Readonly<Record<string, string>>

/** Who calls, where. */
export interface Caller extends KmsPlace {
  readonly principal: Principal
  readonly calledVia?: readonly ServicePrincipal[]
}
