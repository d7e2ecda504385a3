import { checkTags, kernelTags } from '#services/kms/tags.ts'
import type { KmsParts } from '#services/kms/deps.ts'
import { kmsErrors } from '#services/kms/errors.ts'
import { keyArn } from '#services/kms/arns.ts'
import { keyMetadata } from '#services/kms/keys/metadata.ts'
import { newKey, newKeyId } from '#services/kms/keys/new-key.ts'
import { type BuiltSpec, type KeyUsage, isBuiltSpec, specFacts } from '#services/kms/keys/specs.ts'
import { checkKeyPolicy } from '#services/kms/policies/check-policy.ts'
import { defaultKeyPolicy } from '#services/kms/policies/default-policy.ts'
import type { KmsHandler, KmsInput } from '#services/kms/types.ts'

/** A new key with its material, or, of origin EXTERNAL, waiting for it. */
export const createKey =
  ({ keys, vault }: KmsParts): KmsHandler<'CreateKey'> =>
  async (input, ctx) => {
    const { MultiRegion: multiRegion = false, Tags: tags = [], Policy: policy = defaultKeyPolicy(ctx) } = input
    const origin = originOf(input)
    const spec = specOf(input)
    const usage = usageOf(input, spec)
    checkTags(tags)
    const keyId = newKeyId(multiRegion)
    checkKeyPolicy(policy, keyArn(ctx, keyId), ctx, input.BypassPolicyLockoutSafetyCheck)
    const { record, material } = await newKey(vault, ctx, ctx.now, {
      keyId,
      policy,
      description: input.Description ?? '',
      spec,
      usage,
      origin,
      multiRegion,
      tags: kernelTags(tags),
    })
    return { KeyMetadata: keyMetadata(await keys.create(ctx, keyId, record, material)) }
  }

function originOf({
  Origin: origin = 'AWS_KMS',
  CustomKeyStoreId,
  XksKeyId,
}: KmsInput<'CreateKey'>): 'AWS_KMS' | 'EXTERNAL' {
  if (
    CustomKeyStoreId !== undefined ||
    XksKeyId !== undefined ||
    origin === 'AWS_CLOUDHSM' ||
    origin === 'EXTERNAL_KEY_STORE'
  )
    throw kmsErrors.notBuilt('CreateKey in a custom key store')
  return origin
}

function specOf({ KeySpec, CustomerMasterKeySpec }: KmsInput<'CreateKey'>): BuiltSpec {
  if (KeySpec !== undefined && CustomerMasterKeySpec !== undefined && KeySpec !== CustomerMasterKeySpec)
    throw kmsErrors.validation('You cannot specify KeySpec and CustomerMasterKeySpec in the same request.')
  const spec = KeySpec ?? CustomerMasterKeySpec ?? 'SYMMETRIC_DEFAULT'
  if (!isBuiltSpec(spec)) throw kmsErrors.notBuilt(`KeySpec ${spec}`)
  return spec
}

function usageOf({ KeyUsage: usage }: KmsInput<'CreateKey'>, spec: BuiltSpec): KeyUsage {
  if (usage === undefined) {
    if (spec === 'SYMMETRIC_DEFAULT') return 'ENCRYPT_DECRYPT'
    throw kmsErrors.validation(
      'You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.',
    )
  }
  if (!specFacts(spec).usages.includes(usage))
    throw kmsErrors.validation(`KeyUsage ${usage} is not compatible with KeySpec ${spec}`)
  return usage
}
