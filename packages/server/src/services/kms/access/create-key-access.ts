import type { AccessCheck, OperationAccess } from '#kernel/service.ts'
import { callerContext } from '#services/kms/access/context.ts'
import { keyArn } from '#services/kms/arns.ts'
import type { KmsInput } from '#services/kms/types.ts'

/** Identity policies alone decide, for there is no key; tags need the right to tag as well. */
export const createKeyAccess: OperationAccess<KmsInput<'CreateKey'>> = {
  category: 'management',
  readOnly: false,
  checks: (input, scope) => {
    const { Tags: tags = [] } = input
    const spec = input.KeySpec ?? input.CustomerMasterKeySpec ?? 'SYMMETRIC_DEFAULT'
    const context = {
      ...callerContext(scope),
      'kms:KeySpec': spec,
      'kms:KeyUsage': input.KeyUsage ?? 'ENCRYPT_DECRYPT',
      'kms:KeyOrigin': input.Origin ?? 'AWS_KMS',
      'kms:MultiRegion': String(input.MultiRegion ?? false),
      ...(input.MultiRegion === true ? { 'kms:MultiRegionKeyType': 'PRIMARY' } : {}),
      'kms:BypassPolicyLockoutSafetyCheck': String(input.BypassPolicyLockoutSafetyCheck ?? false),
      ...Object.fromEntries(tags.map(({ TagKey, TagValue }) => [`aws:RequestTag/${TagKey}`, TagValue])),
      ...(tags.length === 0 ? {} : { 'aws:TagKeys': tags.map(({ TagKey }) => TagKey) }),
    }
    const create: AccessCheck = { action: 'kms:CreateKey', resource: '*', context }
    // The key has no id so far: any key of the account.
    return tags.length === 0
      ? [create]
      : [create, { action: 'kms:TagResource', resource: keyArn(scope, '*'), shownAs: '*', context }]
  },
  resources: (_input, output) => {
    const metadata = output?.['KeyMetadata'] as { readonly Arn?: string } | undefined
    return metadata?.Arn === undefined ? [] : [{ type: 'AWS::KMS::Key', name: metadata.Arn }]
  },
}
