import { randomBytes } from 'node:crypto'
import type { Apis } from '@sluice/wire'
import { authorizationMessages } from '#kernel/authorization-message.ts'
import type { OperationInput, OperationOutput } from '#kernel/call.ts'
import type { Principal } from '#kernel/principal.ts'
import type { AccessCheck, Credentials } from '#kernel/service.ts'
import { sessionPort } from '#services/iam/port.ts'
import { contextOf, openBench as openIamBench } from '#services/iam/test-bench.ts'
import { stsService } from '#services/sts/index.ts'

/** For tests: STS on a real IAM. */
export function openBench() {
  const iam = openIamBench()
  const messages = authorizationMessages(randomBytes(32))
  const service = stsService({ sessions: sessionPort(iam), clock: iam.clock, messages })
  const { operations, access: accesses } = service
  return {
    iam,
    messages,
    service,
    call: async <O extends keyof Apis['sts']>(
      operation: O,
      input: OperationInput<'sts', O>,
      principal: Principal,
    ): Promise<OperationOutput<'sts', O>> => {
      const handler = operations[operation]
      if (handler === undefined) throw new Error(`${operation} is not built`)
      return handler(input, contextOf(principal, iam.clock.now()))
    },
    checks: async <O extends keyof Apis['sts']>(
      operation: O,
      input: OperationInput<'sts', O>,
      principal: Principal,
    ): Promise<readonly AccessCheck[]> => {
      const access = accesses[operation]
      if (access === undefined || access.checks === 'none') return []
      return access.checks(input, contextOf(principal))
    },
    /** What the gate finds behind temporary credentials. */
    behind: (accessKeyId: string): Promise<Credentials | undefined> => iam.identity().credentials(accessKeyId),
    close: () => iam.close(),
  }
}

export type StsBench = ReturnType<typeof openBench>
