import type { PolicyKind } from '../policy.ts'
import { cachedPolicy } from '../cache.ts'
import type { NamedPolicy } from '../request.ts'

/** A grant on a KMS key, as far as it lets somebody do something. */
export interface KeyGrant {
  readonly grantId: string
  /** An ARN of a user, role, session or account; or a service such as `mq.us-east-1.amazonaws.com`. */
  readonly granteePrincipal: string
  /** Names of operations, e.g. `Decrypt`. */
  readonly operations: readonly string[]
  /** The request's encryption context must hold at least these pairs. */
  readonly encryptionContextSubset?: Readonly<Record<string, string>>
  /** The request's encryption context must be these pairs. */
  readonly encryptionContextEquals?: Readonly<Record<string, string>>
}

/** Operations that have no encryption context, and so are not bound by constraints on it. */
const WITHOUT_CONTEXT: ReadonlySet<string> = new Set(['CreateGrant', 'DescribeKey', 'RetireGrant'])
const KEY_ARN = /^arn:aws[a-z-]*:kms:[^:]*:[^:]*:key\//
const SERVICE = /^[A-Za-z0-9.-]+\.amazonaws\.com$/
const KIND: PolicyKind = 'resource'

/**
 * Whether a resource is a key, which trusts its own account only as far as the key policy or a grant says so: such a
 * check is `resourcePolicyRequired`. Aliases, and operations on `*` such as ListKeys, are decided by identity policies.
 * @source AWS KMS developer guide, "Default key policy"
 */
export const isKey = (resource: string): boolean => KEY_ARN.test(resource)

/**
 * Grants as the policies that they amount to, to be given beside the key policy: an Allow to the grantee itself. Their
 * texts are of the older policy version, so that a `${` in an encryption context is no variable.
 * @source AWS KMS developer guide, "Grants in AWS KMS"
 */
export const grantPolicies = (grants: readonly KeyGrant[], keyArn: string): readonly NamedPolicy[] =>
  grants
    .filter(({ operations }) => operations.length > 0)
    .map((grant) => ({ name: `grant ${grant.grantId}`, policy: cachedPolicy(textOf(grant, keyArn), KIND) }))

function textOf(grant: KeyGrant, keyArn: string): string {
  const { granteePrincipal, operations } = grant
  const Principal = SERVICE.test(granteePrincipal) ? { Service: granteePrincipal } : { AWS: granteePrincipal }
  const allow = (names: readonly string[], Condition: object): readonly object[] =>
    names.length === 0
      ? []
      : [{ Effect: 'Allow', Principal, Action: names.map((name) => `kms:${name}`), Resource: keyArn, Condition }]
  const bound = operations.filter((name) => !WITHOUT_CONTEXT.has(name))
  const free = operations.filter((name) => WITHOUT_CONTEXT.has(name))
  return JSON.stringify({
    Version: '2008-10-17',
    Statement: [...allow(bound, constraintsOf(grant)), ...allow(free, {})],
  })
}

function constraintsOf({ encryptionContextSubset, encryptionContextEquals }: KeyGrant): object {
  const pairs = Object.entries({ ...encryptionContextSubset, ...encryptionContextEquals })
  const values = Object.fromEntries(pairs.map(([key, value]) => [`kms:EncryptionContext:${key}`, value]))
  const keys = Object.keys(encryptionContextEquals ?? {})
  return {
    ...(pairs.length === 0 ? {} : { StringEquals: values }),
    ...(encryptionContextEquals === undefined
      ? {}
      : { 'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': keys } }),
  }
}
