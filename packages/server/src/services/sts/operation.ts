import type { Apis } from '@sluice/wire'
import type { Handler, OperationInput, OperationOutput } from '#kernel/call.ts'
import type { AuthorizationMessages } from '#kernel/authorization-message.ts'
import type { Clock } from '#kernel/clock.ts'
import type { SessionPort } from '#services/iam/port.ts'

/** What STS's operations are built with. */
export interface StsDeps {
  readonly sessions: SessionPort
  readonly clock: Clock
  /** Reads the messages that denials carry. */
  readonly messages: AuthorizationMessages
}

/** The handler of one operation of STS. */
export type StsHandler<O extends keyof Apis['sts']> = Handler<OperationInput<'sts', O>, OperationOutput<'sts', O>>
