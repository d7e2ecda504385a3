import type { Call, CallAs } from '#kernel/call.ts'
import type { Decision } from '@sluice/policy'
import { AccessDenied, AwsError } from '#kernel/errors.ts'

/** For tests: a denial as the gate explains it. */
export const denial = (
  principal: string,
  action: string,
  resource: string,
  more: Partial<Decision> = {},
): Decision => ({
  allowed: false,
  kind: 'implicit-deny',
  decidedBy: 'identity',
  crossAccount: false,
  principal,
  action,
  resource,
  matched: [],
  unmatched: [],
  unmatchedOmitted: 0,
  missingKeys: [],
  outcomes: [],
  ...more,
})

/** For tests: the log groups of CloudWatch Logs, and who may create them. */
export class FakeLogs {
  readonly groups = new Set<string>()
  readonly streams = new Set<string>()
  /** Whether Amazon MQ has its service-linked role. */
  hasRole = false
  /** Every call: who, what, on which group. */
  readonly calls: { readonly as: CallAs; readonly operation: string; readonly group: string }[] = []
  /** Why the next CreateLogGroup fails; `undefined`: it does not. */
  refuse: (group: string) => Error | undefined = () => undefined

  denyAll(): void {
    this.refuse = (group) => {
      const action = 'logs:CreateLogGroup'
      return new AccessDenied(
        'AccessDeniedException',
        400,
        `User is not authorized to perform: ${action}`,
        denial('alice', action, group),
      )
    }
  }

  allowAll(): void {
    this.refuse = () => undefined
  }

  /** Its policy names the groups of Amazon MQ, and so nothing that is asked of the whole account. */
  #checkRole(operation: string, group: string): void {
    if (!this.hasRole) throw new AwsError('AccessDenied', 403, 'there is no such role')
    if (operation === 'DescribeLogGroups') throw new AwsError('AccessDeniedException', 400, 'not authorized')
    if (!this.groups.has(group))
      throw new AwsError('ResourceNotFoundException', 400, 'The specified log group does not exist.')
  }

  /** The far end's answers follow the model by construction; the generic signature cannot see that. */
  readonly call: Call = (async (
    as: CallAs,
    _service: string,
    operation: string,
    input: Readonly<Record<string, string>>,
  ) => {
    const group = input['logGroupName'] ?? input['logGroupNamePrefix'] ?? ''
    this.calls.push({ as, operation, group })
    if (as.kind === 'role') this.#checkRole(operation, group)
    const refusal = this.refuse(group)
    if (refusal !== undefined) throw refusal
    switch (operation) {
      case 'CreateLogGroup':
        if (this.groups.has(group))
          throw new AwsError('ResourceAlreadyExistsException', 400, 'The specified log group already exists')
        this.groups.add(group)
        return {}
      case 'DescribeLogGroups':
        return {
          logGroups: [...this.groups]
            .filter((name) => name.startsWith(group))
            .map((logGroupName) => ({ logGroupName })),
        }
      case 'DescribeLogStreams':
        return { logStreams: [...this.streams].map((logStreamName) => ({ logStreamName })) }
      case 'CreateServiceLinkedRole':
        if (this.hasRole) throw new AwsError('InvalidInput', 400, 'Service role name has been taken in this account')
        this.hasRole = true
        return {}
      default:
        throw new Error(`the fake of Logs has no ${operation}`)
    }
  }) as unknown as Call
}
