import type { DeploymentMode, EncryptionOptions } from '#services/mq/broker-record.ts'
import { mqErrors } from '#services/mq/errors.ts'
import { MAX_SECURITY_GROUPS } from '#services/mq/limits.ts'

const SUBNET = /^subnet-[0-9a-zA-Z]{1,40}$/
const SECURITY_GROUP = /^sg-[0-9a-zA-Z]{1,40}$/
const KMS_KEY = /^[0-9A-Za-z:/_-]{1,2048}$/

/** How many different ones, in words. A cluster has "no subnet requirements". @source AWS model mq 2017-11-27, CreateBrokerRequest.subnetIds */
const SUBNETS: Readonly<Record<DeploymentMode, { readonly count?: number; readonly words: string }>> = {
  SINGLE_INSTANCE: { count: 1, words: 'exactly one subnet' },
  ACTIVE_STANDBY_MULTI_AZ: { count: 2, words: 'exactly two different subnets' },
  CLUSTER_MULTI_AZ: { words: 'different subnets' },
}

/**
 * Subnets of a broker, or none for the default. They are kept and answered; there is no VPC here to look them up in.
 * @throws AwsError BadRequestException
 */
export function checkSubnets(ids: readonly string[] | undefined, deploymentMode: DeploymentMode): readonly string[] {
  const subnets = ids ?? []
  const { count = subnets.length, words } = SUBNETS[deploymentMode]
  if (subnets.length > 0 && new Set(subnets).size !== count)
    throw mqErrors.badRequest(`Specify ${words} for deployment mode [${deploymentMode}].`, 'subnetIds')
  for (const id of subnets) {
    if (!SUBNET.test(id))
      throw mqErrors.badRequest(
        `Subnet ID [${id.slice(0, 100)}] is invalid. Use an ID such as subnet-12a3b45c.`,
        'subnetIds',
      )
  }
  return subnets
}

/** Security groups, kept and answered like subnets. @throws AwsError BadRequestException */
export function checkSecurityGroups(ids: readonly string[] | undefined): readonly string[] {
  const groups = ids ?? []
  if (groups.length > MAX_SECURITY_GROUPS) {
    throw mqErrors.badRequest(`Specify at most ${String(MAX_SECURITY_GROUPS)} security groups.`, 'securityGroups')
  }
  for (const id of groups) {
    if (!SECURITY_GROUP.test(id)) {
      throw mqErrors.badRequest(
        `Security group ID [${id.slice(0, 100)}] is invalid. Use an ID such as sg-a1b234cd.`,
        'securityGroups',
      )
    }
  }
  if (new Set(groups).size < groups.length)
    throw mqErrors.badRequest('Security groups must not repeat.', 'securityGroups')
  return groups
}

/** @throws AwsError BadRequestException when a key is named although the AWS owned key is asked for */
export function checkEncryptionOptions(
  options: { readonly UseAwsOwnedKey?: boolean | undefined; readonly KmsKeyId?: string | undefined } | undefined,
): EncryptionOptions {
  const useAwsOwnedKey = options?.UseAwsOwnedKey ?? true
  const kmsKeyId = options?.KmsKeyId
  if (kmsKeyId === undefined) return { useAwsOwnedKey }
  if (useAwsOwnedKey) {
    throw mqErrors.badRequest('[kmsKeyId] must not be given when [useAwsOwnedKey] is [true].', 'encryptionOptions')
  }
  if (!KMS_KEY.test(kmsKeyId))
    throw mqErrors.badRequest(`KMS key ID [${kmsKeyId.slice(0, 100)}] is invalid.`, 'encryptionOptions')
  return { useAwsOwnedKey, kmsKeyId }
}
