import type { AwsError } from '#kernel/errors.ts'
import { cloudtrailErrors } from '#services/cloudtrail/errors.ts'
import type { CloudTrailHandler } from '#services/cloudtrail/types.ts'

type PolicyOperation = 'PutResourcePolicy' | 'GetResourcePolicy' | 'DeleteResourcePolicy'

const ARN = /^arn:aws:cloudtrail:[a-z\d-]+:\d{12}:([a-z]+)\/[\w./-]+$/
/** What can have a policy; none of it can be made here, so none of it is found. */
const WITH_POLICY: ReadonlySet<string> = new Set(['eventdatastore', 'dashboard', 'channel'])

/** Resource policies are of event data stores, dashboards and channels, of which there are none; trails have none on AWS either. */
export const resourcePolicies: { readonly [O in PolicyOperation]: CloudTrailHandler<O> } = {
  PutResourcePolicy: ({ ResourceArn, ResourcePolicy }) => {
    const refusal = refusalOf(ResourceArn)
    if (!isObject(ResourcePolicy)) throw cloudtrailErrors.resourcePolicy('The resource policy is not a JSON document.')
    throw refusal
  },
  GetResourcePolicy: ({ ResourceArn }) => {
    throw refusalOf(ResourceArn)
  },
  DeleteResourcePolicy: ({ ResourceArn }) => {
    throw refusalOf(ResourceArn)
  },
}

function refusalOf(arn: string): AwsError {
  const kind = ARN.exec(arn)?.[1]
  if (kind === undefined) return cloudtrailErrors.resourceArn(arn)
  return WITH_POLICY.has(kind) ? cloudtrailErrors.resourceNotFound(arn) : cloudtrailErrors.policyType(arn)
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}
