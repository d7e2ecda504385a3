import { cachedPolicy, keepsOut } from '@sluice/policy'
import type { AccessScope, Service } from '#kernel/service.ts'
import { bucketArn } from '#services/s3/buckets/bucket.ts'
import type { Buckets } from '#services/s3/buckets/buckets.ts'

/**
 * The bucket's policy. Whom Block Public Access keeps out of a bucket with a public policy, its policy does not help;
 * such callers get in by a policy only, so that leaves them outside.
 */
export const s3ResourcePolicies =
  (buckets: Buckets): NonNullable<Service<'s3'>['resourcePolicies']> =>
  async ({ resource }, scope) => {
    const name = bucketOf(resource)
    const bucket = name === undefined ? undefined : await buckets.find(name)
    if (bucket?.policy === undefined) return []
    const policy = cachedPolicy(bucket.policy, 'resource')
    const { publicAccess } = bucket
    const caller = { principal: callerOf(scope), bucketAccount: bucket.owner }
    if (publicAccess !== undefined && keepsOut(publicAccess, policy, caller)) return []
    return [{ name: `bucket policy of ${bucket.name}`, policy }]
  }

const PREFIX = bucketArn('')

function bucketOf(resource: string): string | undefined {
  if (!resource.startsWith(PREFIX)) return undefined
  return resource.slice(PREFIX.length).split('/')[0]
}

/** All that counts here: whether somebody is of the bucket's account, a service, or nobody. */
function callerOf({ principal }: AccessScope): Parameters<typeof keepsOut>[2]['principal'] {
  switch (principal.kind) {
    case 'service':
      return { kind: 'service', account: principal.account, service: principal.service }
    case 'anonymous':
      return { kind: 'anonymous', account: principal.account }
    case 'root':
    case 'user':
    case 'role':
    case 'federated-user':
      return { kind: 'root', account: principal.account, arn: principal.arn }
    default:
      return principal satisfies never
  }
}
