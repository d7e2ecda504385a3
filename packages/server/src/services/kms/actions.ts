import type { Service } from '#kernel/service.ts'
import { aliasAccess } from '#services/kms/access/alias-access.ts'
import { given } from '#services/kms/access/context.ts'
import { cryptoAccess } from '#services/kms/access/crypto-access.ts'
import { grantAccess } from '#services/kms/access/grant-access.ts'
import { onKey, onNothing } from '#services/kms/access/key-checks.ts'
import { createKeyAccess } from '#services/kms/access/create-key-access.ts'
import type { KmsParts } from '#services/kms/deps.ts'
import type { KmsInput } from '#services/kms/types.ts'

const READ = { readOnly: true } as const
const SHARED_READ = { readOnly: true, foreign: true } as const

/**
 * Who may call what, and which conditions can say so.
 * @source AWS service authorization reference, "AWS Key Management Service"; developer guide, "KMS API permissions"
 */
export function kmsAccess(parts: KmsParts): Service<'kms'>['access'] {
  const on = onKey(parts)
  return {
    ...cryptoAccess(parts),
    ...aliasAccess(parts),
    ...grantAccess(parts),
    CreateKey: createKeyAccess,
    DescribeKey: on('DescribeKey', SHARED_READ),
    ListKeys: onNothing('ListKeys', true),
    ListAliases: onNothing('ListAliases', true),
    EnableKey: on('EnableKey'),
    DisableKey: on('DisableKey'),
    UpdateKeyDescription: on('UpdateKeyDescription'),
    ScheduleKeyDeletion: on('ScheduleKeyDeletion', {
      context: (input: KmsInput<'ScheduleKeyDeletion'>) =>
        given('kms:ScheduleKeyDeletionPendingWindowInDays', input.PendingWindowInDays ?? 30),
    }),
    CancelKeyDeletion: on('CancelKeyDeletion'),
    GetKeyPolicy: on('GetKeyPolicy', READ),
    ListKeyPolicies: on('ListKeyPolicies', READ),
    PutKeyPolicy: on('PutKeyPolicy', {
      context: (input: KmsInput<'PutKeyPolicy'>) =>
        given('kms:BypassPolicyLockoutSafetyCheck', String(input.BypassPolicyLockoutSafetyCheck ?? false)),
    }),
    TagResource: on('TagResource', {
      context: ({ Tags }: KmsInput<'TagResource'>) => ({
        ...Object.fromEntries(Tags.map(({ TagKey, TagValue }) => [`aws:RequestTag/${TagKey}`, TagValue])),
        'aws:TagKeys': Tags.map(({ TagKey }) => TagKey),
      }),
    }),
    UntagResource: on('UntagResource', {
      context: ({ TagKeys }: KmsInput<'UntagResource'>) => ({ 'aws:TagKeys': TagKeys }),
    }),
    ListResourceTags: on('ListResourceTags', READ),
    EnableKeyRotation: on('EnableKeyRotation', {
      context: (input: KmsInput<'EnableKeyRotation'>) => given('kms:RotationPeriodInDays', input.RotationPeriodInDays),
    }),
    DisableKeyRotation: on('DisableKeyRotation'),
    GetKeyRotationStatus: on('GetKeyRotationStatus', SHARED_READ),
    ListKeyRotations: on('ListKeyRotations', READ),
    RotateKeyOnDemand: on('RotateKeyOnDemand'),
    GetParametersForImport: on('GetParametersForImport', {
      ...READ,
      context: (input: KmsInput<'GetParametersForImport'>) => ({
        'kms:WrappingAlgorithm': input.WrappingAlgorithm,
        'kms:WrappingKeySpec': input.WrappingKeySpec,
      }),
    }),
    ImportKeyMaterial: on('ImportKeyMaterial', {
      context: ({ ExpirationModel: model, ValidTo: end }: KmsInput<'ImportKeyMaterial'>) => ({
        'kms:ExpirationModel': model ?? 'KEY_MATERIAL_EXPIRES',
        ...given('kms:ValidTo', isoOf(end)),
      }),
    }),
    DeleteImportedKeyMaterial: on('DeleteImportedKeyMaterial'),
  }
}

/** `undefined` for what is no time at all; the operation itself refuses it. */
function isoOf(time: number | undefined): string | undefined {
  const date = time === undefined ? undefined : new Date(time)
  return date === undefined || Number.isNaN(date.getTime()) ? undefined : date.toISOString()
}
