import type { Decision, PolicyType } from './decision.ts'

export interface DenialMessageOptions {
  /** S3 writes the resource in double quotes. */
  readonly quoteResource?: boolean
  /** Whether an explicit deny ends with the ARN of the policy, when it has one; on when left out. */
  readonly policyArn?: boolean
}

interface Wording {
  /** Behind `because no `. */
  readonly none: string
  /** Behind `with an explicit deny in `. */
  readonly explicit: string
}

const WORDING: Readonly<Record<PolicyType, Wording>> = {
  identity: { none: 'identity-based policy', explicit: 'an identity-based policy' },
  resource: { none: 'resource-based policy', explicit: 'a resource-based policy' },
  trust: { none: 'role trust policy', explicit: 'the role trust policy' },
  boundary: { none: 'permissions boundary', explicit: 'a permissions boundary' },
  session: { none: 'session policy', explicit: 'a session policy' },
  scp: { none: 'service control policy', explicit: 'a service control policy' },
  rcp: { none: 'resource control policy', explicit: 'a resource control policy' },
  endpoint: { none: 'VPC endpoint policy', explicit: 'a VPC endpoint policy' },
}

/**
 * The text of a denial in AWS's words. An empty resource is left out. Callers from another account are not told the
 * reason, and neither is anybody when the evaluation failed.
 */
export function denialMessage(
  request: { readonly principalArn: string; readonly action: string; readonly resource: string },
  decision: Decision,
  options: DenialMessageOptions = {},
): string {
  const resource = options.quoteResource === true ? `"${request.resource}"` : request.resource
  const where = request.resource === '' ? '' : ` on resource: ${resource}`
  const reason = decision.crossAccount ? '' : reasonOf(request.action, decision, options.policyArn ?? true)
  return `User: ${request.principalArn} is not authorized to perform: ${request.action}${where}${reason}`
}

function reasonOf(action: string, decision: Decision, withArn: boolean): string {
  const { decidedBy } = decision
  if (decidedBy === 'error' || decidedBy === 'root' || decision.allowed) return ''
  const wording = WORDING[decidedBy]
  if (decision.kind !== 'explicit-deny') return ` because no ${wording.none} allows the ${action} action`
  const arn = withArn ? decision.matched[0]?.policyArn : undefined
  return ` with an explicit deny in ${wording.explicit}${arn === undefined ? '' : `: ${arn}`}`
}
