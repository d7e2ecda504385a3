import type { GrantConstraints, GrantOperation } from '#services/kms/grants/grant-record.ts'
import type { EncryptionContext } from '#services/kms/types.ts'

/** Operations that have no encryption context, and so are not bound by constraints on it. */
const WITHOUT_CONTEXT: ReadonlySet<string> = new Set<GrantOperation>(['CreateGrant', 'DescribeKey', 'RetireGrant'])

/** A request, as far as constraints look at it. */
export interface Constrained {
  readonly operation: string
  readonly encryptionContext: EncryptionContext
  readonly sourceArn: string | undefined
}

/** Whether a request meets the constraints of a grant; keys and values are compared with case. */
export function meets({ contextEquals, contextSubset, sourceArn }: GrantConstraints, request: Constrained): boolean {
  if (sourceArn !== undefined && sourceArn !== request.sourceArn) return false
  if (WITHOUT_CONTEXT.has(request.operation)) return true
  const { encryptionContext } = request
  if (contextEquals !== undefined && !equal(contextEquals, encryptionContext)) return false
  return contextSubset === undefined || contains(encryptionContext, contextSubset)
}

/** Whether `given` is no wider than `own`: a grantee can only pass on what it has. */
export function noWider(own: GrantConstraints, given: GrantConstraints): boolean {
  if (own.sourceArn !== undefined && own.sourceArn !== given.sourceArn) return false
  if (own.contextEquals !== undefined)
    return given.contextEquals !== undefined && equal(own.contextEquals, given.contextEquals)
  if (own.contextSubset === undefined) return true
  const bound = given.contextEquals ?? given.contextSubset
  return bound !== undefined && contains(bound, own.contextSubset)
}

const contains = (whole: EncryptionContext, part: EncryptionContext): boolean =>
  Object.entries(part).every(([key, value]) => Object.hasOwn(whole, key) && whole[key] === value)

const equal = (a: EncryptionContext, b: EncryptionContext): boolean => contains(a, b) && contains(b, a)
