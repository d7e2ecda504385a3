import type { CallContext } from '#kernel/call.ts'
import type { AccountPolicyType } from '#services/logs/accounts/account-policies.ts'
import { readSubscriptionPolicy } from '#services/logs/accounts/subscription-policy.ts'
import { groupArn } from '#services/logs/arns.ts'
import { parseSelectionCriteria } from '#services/logs/criteria/selection-criteria.ts'
import type { LogsParts } from '#services/logs/deps.ts'
import { logsErrors } from '#services/logs/errors.ts'
import { MAX_PROTECTION_POLICY_CHARS } from '#services/logs/limits.ts'
import { parseFilterPattern } from '#services/logs/patterns/parse.ts'
import { allowDelivery } from '#services/logs/policies/delivery-policy.ts'
import { readProtectionPolicy } from '#services/logs/protection/document.ts'
import { sendTest } from '#services/logs/subscriptions/send-test.ts'
import { parseTargetArn } from '#services/logs/subscriptions/target.ts'
import type { LogsInput } from '#services/logs/types.ts'

type Input = LogsInput<'PutAccountPolicy'>

/**
 * Everything that a policy of its type must be. A test message is sent to where subscriptions would go, and a group for
 * findings is opened to them.
 * @returns the type, which is one that there is
 * @throws AwsError InvalidParameterException
 */
export async function checkAccountPolicy(
  input: Input,
  { targets, groups, policies }: Pick<LogsParts, 'targets' | 'groups' | 'policies'>,
  ctx: CallContext,
): Promise<AccountPolicyType> {
  const { policyType, policyDocument, selectionCriteria } = input
  if (input.policyName === '') throw logsErrors.missing('policyName')
  if (policyDocument.length > MAX_PROTECTION_POLICY_CHARS) {
    throw logsErrors.constraint(
      'policyDocument',
      `Member must have length less than or equal to ${String(MAX_PROTECTION_POLICY_CHARS)}`,
    )
  }
  if (policyType === 'SUBSCRIPTION_FILTER_POLICY') {
    if (selectionCriteria !== undefined && !parseSelectionCriteria(selectionCriteria, ['LogGroupName'])) {
      throw logsErrors.invalidParameter('The selectionCriteria is invalid. Compare LogGroupName with NOT IN [..].')
    }
    await checkSubscription(policyDocument, targets, ctx)
    return policyType
  }
  if (policyType !== 'DATA_PROTECTION_POLICY') {
    throw logsErrors.invalidParameter(
      `Account policies of type ${policyType} are not supported by this version of Sluice.`,
    )
  }
  if (selectionCriteria !== undefined) {
    throw logsErrors.invalidParameter('A data protection policy holds for all log groups; leave out selectionCriteria.')
  }
  const { findingsGroup } = readProtectionPolicy(policyDocument)
  if (findingsGroup !== undefined) await allowDelivery(policies, await groups.require(ctx, findingsGroup), ctx.now)
  return policyType
}

async function checkSubscription(document: string, targets: LogsParts['targets'], ctx: CallContext): Promise<void> {
  const { DestinationArn, RoleArn, FilterPattern, Distribution = 'ByLogStream' } = readSubscriptionPolicy(document)
  parseFilterPattern(FilterPattern)
  const { vendor } = parseTargetArn(DestinationArn)
  if (vendor === 'logs') {
    throw logsErrors.invalidParameter(
      'Account policies of subscriptions cannot send to destinations in this version of Sluice.',
    )
  }
  if (vendor !== 'lambda' && RoleArn === undefined) {
    throw logsErrors.invalidParameter(`destinationArn for vendor ${vendor} cannot be used without roleArn`)
  }
  const route = {
    destinationArn: DestinationArn,
    ...(RoleArn === undefined ? {} : { roleArn: RoleArn }),
    sourceArn: groupArn(ctx, '*'),
    distribution: Distribution,
  }
  await sendTest(targets, vendor, route, ctx)
}
