import type { Condition } from '../evaluate/condition.ts'
import { readBlock } from '../operators/ip-address.ts'
import type { Policy, Statement } from '../policy.ts'
import type { PrincipalIdentity } from '../request.ts'

/** Conditions on these keys, with fixed values, make a grant to everybody one to somebody. @source Amazon S3 user guide, "The meaning of public" */
const NARROWING: ReadonlySet<string> = new Set([
  'aws:principalaccount',
  'aws:principalarn',
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:sourceaccount',
  'aws:sourcearn',
  'aws:sourceip',
  'aws:sourceowner',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:userid',
  's3:dataaccesspointaccount',
  's3:dataaccesspointarn',
  's3:x-amz-server-side-encryption-aws-kms-key-id',
])
const POSITIVE: ReadonlySet<string> = new Set([
  'StringEquals',
  'StringEqualsIgnoreCase',
  'StringLike',
  'ArnEquals',
  'ArnLike',
  'IpAddress',
])
/** Wider blocks than these are as good as everybody. */
const WIDEST_V4 = 8
const WIDEST_V6 = 32

/**
 * Whether a bucket policy is public: some Allow is for everybody, without a condition that holds for fixed callers,
 * networks or resources only.
 * @source Amazon S3 user guide, "The meaning of public"
 */
export const isPublicPolicy = ({ statements }: Policy): boolean => statements.some(isPublic)

function isPublic({ effect, principal, conditions }: Statement): boolean {
  if (effect === 'Deny' || principal === undefined) return false
  return (principal.everyone || principal.negated) && !conditions.some(narrows)
}

/** `ForAllValues` and `IfExists` let requests without the key in. */
function narrows({ name, operator, quantifier, ifExists, values }: Condition): boolean {
  if (!NARROWING.has(name) || !POSITIVE.has(operator.name) || ifExists || quantifier === 'all') return false
  return values.length > 0 && values.every(({ template }) => isFixed(name, template.text))
}

function isFixed(key: string, text: string): boolean {
  if (key === 'aws:sourceip') return isNarrowBlock(text)
  // The id of a role with the name of a session is no fixed value to AWS.
  if (key === 'aws:userid' && text.includes(':')) return false
  // The name of an access point may be open when its account is not.
  const told = key === 's3:dataaccesspointarn' ? text.split(':').slice(0, 5).join(':') : text
  return !/[*?]|\$\{/.test(told)
}

function isNarrowBlock(text: string): boolean {
  const block = readBlock(text)
  if (block === undefined) return false
  const { address, bits } = block
  return address.length === 16 ? bits >= WIDEST_V6 : bits >= WIDEST_V4
}

/** The four settings of Block Public Access, of a bucket or an account; both hold together. */
export interface PublicAccessBlock {
  readonly blockPublicAcls: boolean
  readonly ignorePublicAcls: boolean
  readonly blockPublicPolicy: boolean
  readonly restrictPublicBuckets: boolean
}

/** What holds when both an account and its bucket have settings: the stricter of each. */
export const strictestBlock = (one: PublicAccessBlock, other: PublicAccessBlock): PublicAccessBlock => ({
  blockPublicAcls: one.blockPublicAcls || other.blockPublicAcls,
  ignorePublicAcls: one.ignorePublicAcls || other.ignorePublicAcls,
  blockPublicPolicy: one.blockPublicPolicy || other.blockPublicPolicy,
  restrictPublicBuckets: one.restrictPublicBuckets || other.restrictPublicBuckets,
})

/** Whether a bucket policy may not be put: it is public, and that is blocked. */
export const refusesPolicy = ({ blockPublicPolicy }: PublicAccessBlock, policy: Policy): boolean =>
  blockPublicPolicy && isPublicPolicy(policy)

/**
 * Whether Block Public Access keeps a caller out of a bucket whatever its policy says: with a public policy and
 * `restrictPublicBuckets` only AWS services and the principals of the bucket's account get in.
 */
export function keepsOut(
  { restrictPublicBuckets }: PublicAccessBlock,
  policy: Policy,
  { principal, bucketAccount }: { readonly principal: PrincipalIdentity; readonly bucketAccount: string },
): boolean {
  if (!restrictPublicBuckets || principal.kind === 'service' || !isPublicPolicy(policy)) return false
  return principal.kind === 'anonymous' || principal.account !== bucketAccount
}

/**
 * Whether a bucket whose owner owns every object ("bucket owner enforced") takes a write with this canned ACL: ACLs are
 * off there, and only the one that says the same is let through.
 */
export const ownerEnforcedTakes = (cannedAcl: string | undefined): boolean =>
  cannedAcl === undefined || cannedAcl === 'bucket-owner-full-control'
