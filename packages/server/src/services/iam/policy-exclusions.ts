import { compileGlob, matchGlob } from '@sluice/policy'
import type { OperationInput } from '#kernel/call.ts'
import { iamErrors } from '#services/iam/errors.ts'
import type { SourcePolicy } from '#services/iam/source-policies.ts'

type Exclusion = NonNullable<OperationInput<'iam', 'SimulatePrincipalPolicy'>['PolicyExclusionList']>[number]

const POLICY_ARN = /^arn:[\w*?-]+:iam::(?:\d{12}|aws):policy\/[\w+=,.@/*?-]+$/

/** Which policies a simulation leaves out, as if they were not attached. */
export interface Exclusions {
  /** Whether an identity policy stays. */
  readonly keeps: (policy: SourcePolicy) => boolean
  /** Whether the permissions boundary stays. */
  readonly keepsBoundary: boolean
}

/**
 * Reads a list of policy identifiers; those that match nothing, and those of organisations, are passed over.
 * @throws AwsError InvalidInput for an identifier that names nothing or more than one thing, or a malformed ARN
 */
export function readExclusions(list: readonly Exclusion[] = []): Exclusions {
  const tests = list.map(testOf)
  return {
    keeps: (policy) => !tests.some((excludes) => excludes(policy)),
    keepsBoundary: !list.some(({ PolicyType }) => PolicyType === 'permission-boundary'),
  }
}

function testOf({ PolicyType, PolicyArn, InlinePolicyIdentifier }: Exclusion): (policy: SourcePolicy) => boolean {
  const given = [PolicyType, PolicyArn, InlinePolicyIdentifier].filter((one) => one !== undefined)
  if (given.length !== 1)
    throw iamErrors.badExclusion('specify exactly one of PolicyType, PolicyArn and InlinePolicyIdentifier')
  if (PolicyArn !== undefined) {
    if (!POLICY_ARN.test(PolicyArn)) throw iamErrors.badExclusion(`${PolicyArn} is no ARN of a policy`)
    const glob = globOf(PolicyArn)
    return ({ arn }) => arn !== undefined && matchGlob(glob, arn)
  }
  if (InlinePolicyIdentifier !== undefined) {
    const { PolicyName, AttachmentType, AttachmentName } = InlinePolicyIdentifier
    const glob = globOf(AttachmentName)
    return ({ arn, noun, policyName, entityName }) =>
      arn === undefined && noun === AttachmentType && policyName === PolicyName && matchGlob(glob, entityName)
  }
  return ({ arn, source }) => (PolicyType === 'inline' ? arn === undefined : source === PolicyType)
}

function globOf(pattern: string): ReturnType<typeof compileGlob> {
  if (pattern.split('*').length > 2) throw iamErrors.badExclusion(`${pattern} has more than one *`)
  return compileGlob(pattern)
}
