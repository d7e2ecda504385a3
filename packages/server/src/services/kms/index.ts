import type { EpochMillis } from '#kernel/ids.ts'
import type { Service } from '#kernel/service.ts'
import { kmsAccess } from '#services/kms/actions.ts'
import { type KmsDeps, kmsParts } from '#services/kms/deps.ts'
import { cancelKeyDeletion } from '#services/kms/operations/cancel-key-deletion.ts'
import { createAlias } from '#services/kms/operations/create-alias.ts'
import { createGrant } from '#services/kms/operations/create-grant.ts'
import { createKey } from '#services/kms/operations/create-key.ts'
import { decrypt } from '#services/kms/operations/decrypt.ts'
import { deleteAlias } from '#services/kms/operations/delete-alias.ts'
import { deleteImportedKeyMaterial } from '#services/kms/operations/delete-imported-key-material.ts'
import { deriveSharedSecret } from '#services/kms/operations/derive-shared-secret.ts'
import { describeKey } from '#services/kms/operations/describe-key.ts'
import { disableKey } from '#services/kms/operations/disable-key.ts'
import { disableKeyRotation } from '#services/kms/operations/disable-key-rotation.ts'
import { enableKey } from '#services/kms/operations/enable-key.ts'
import { enableKeyRotation } from '#services/kms/operations/enable-key-rotation.ts'
import { encrypt } from '#services/kms/operations/encrypt.ts'
import { generateDataKey } from '#services/kms/operations/generate-data-key.ts'
import { generateDataKeyPair } from '#services/kms/operations/generate-data-key-pair.ts'
import { generateDataKeyPairWithoutPlaintext } from '#services/kms/operations/generate-data-key-pair-without-plaintext.ts'
import { generateDataKeyWithoutPlaintext } from '#services/kms/operations/generate-data-key-without-plaintext.ts'
import { generateMac } from '#services/kms/operations/generate-mac.ts'
import { generateRandom } from '#services/kms/operations/generate-random.ts'
import { getKeyPolicy } from '#services/kms/operations/get-key-policy.ts'
import { getKeyRotationStatus } from '#services/kms/operations/get-key-rotation-status.ts'
import { getParametersForImport } from '#services/kms/operations/get-parameters-for-import.ts'
import { getPublicKey } from '#services/kms/operations/get-public-key.ts'
import { importKeyMaterial } from '#services/kms/operations/import-key-material.ts'
import { listAliases } from '#services/kms/operations/list-aliases.ts'
import { listGrants } from '#services/kms/operations/list-grants.ts'
import { listKeyPolicies } from '#services/kms/operations/list-key-policies.ts'
import { listKeyRotations } from '#services/kms/operations/list-key-rotations.ts'
import { listKeys } from '#services/kms/operations/list-keys.ts'
import { listResourceTags } from '#services/kms/operations/list-resource-tags.ts'
import { listRetirableGrants } from '#services/kms/operations/list-retirable-grants.ts'
import { putKeyPolicy } from '#services/kms/operations/put-key-policy.ts'
import { reEncrypt } from '#services/kms/operations/re-encrypt.ts'
import { retireGrant } from '#services/kms/operations/retire-grant.ts'
import { revokeGrant } from '#services/kms/operations/revoke-grant.ts'
import { rotateKeyOnDemand } from '#services/kms/operations/rotate-key-on-demand.ts'
import { scheduleKeyDeletion } from '#services/kms/operations/schedule-key-deletion.ts'
import { sign } from '#services/kms/operations/sign.ts'
import { tagResource } from '#services/kms/operations/tag-resource.ts'
import { untagResource } from '#services/kms/operations/untag-resource.ts'
import { updateAlias } from '#services/kms/operations/update-alias.ts'
import { updateKeyDescription } from '#services/kms/operations/update-key-description.ts'
import { verify } from '#services/kms/operations/verify.ts'
import { verifyMac } from '#services/kms/operations/verify-mac.ts'
import { kmsResourcePolicies } from '#services/kms/port.ts'
import { SECRETS } from '#services/kms/secrets.ts'

export type { KmsDeps } from '#services/kms/deps.ts'
export { type Vault, openVault } from '#services/kms/material/vault.ts'

/** KMS: keys, what is done with them, and who may; and the sweep that ends what is due though nobody asks for it. */
export interface Kms {
  readonly service: Service<'kms'>
  /** Ends key material and rotates it, as far as it is due. */
  sweep(now: EpochMillis): Promise<void>
}

/** Builds KMS on its records and its vault. */
export function kmsService(deps: KmsDeps): Kms {
  const parts = kmsParts(deps)
  const service: Service<'kms'> = {
    name: 'kms',
    operations: {
      CreateKey: createKey(parts),
      DescribeKey: describeKey(parts),
      ListKeys: listKeys(parts),
      UpdateKeyDescription: updateKeyDescription(parts),
      EnableKey: enableKey(parts),
      DisableKey: disableKey(parts),
      ScheduleKeyDeletion: scheduleKeyDeletion(parts),
      CancelKeyDeletion: cancelKeyDeletion(parts),

      CreateAlias: createAlias(parts),
      UpdateAlias: updateAlias(parts),
      DeleteAlias: deleteAlias(parts),
      ListAliases: listAliases(parts),

      GetKeyPolicy: getKeyPolicy(parts),
      PutKeyPolicy: putKeyPolicy(parts),
      ListKeyPolicies: listKeyPolicies(parts),

      CreateGrant: createGrant(parts),
      ListGrants: listGrants(parts),
      ListRetirableGrants: listRetirableGrants(parts),
      RetireGrant: retireGrant(parts),
      RevokeGrant: revokeGrant(parts),

      TagResource: tagResource(parts),
      UntagResource: untagResource(parts),
      ListResourceTags: listResourceTags(parts),

      EnableKeyRotation: enableKeyRotation(parts),
      DisableKeyRotation: disableKeyRotation(parts),
      GetKeyRotationStatus: getKeyRotationStatus(parts),
      RotateKeyOnDemand: rotateKeyOnDemand(parts),
      ListKeyRotations: listKeyRotations(parts),

      GetParametersForImport: getParametersForImport(parts),
      ImportKeyMaterial: importKeyMaterial(parts),
      DeleteImportedKeyMaterial: deleteImportedKeyMaterial(parts),

      Encrypt: encrypt(parts),
      Decrypt: decrypt(parts),
      ReEncrypt: reEncrypt(parts),
      GenerateDataKey: generateDataKey(parts),
      GenerateDataKeyWithoutPlaintext: generateDataKeyWithoutPlaintext(parts),
      GenerateDataKeyPair: generateDataKeyPair(parts),
      GenerateDataKeyPairWithoutPlaintext: generateDataKeyPairWithoutPlaintext(parts),

      GenerateMac: generateMac(parts),
      VerifyMac: verifyMac(parts),
      Sign: sign(parts),
      Verify: verify(parts),
      GetPublicKey: getPublicKey(parts),
      DeriveSharedSecret: deriveSharedSecret(parts),
      GenerateRandom: generateRandom,
    },
    access: kmsAccess(parts),
    eventSource: 'kms.amazonaws.com',
    global: false,
    secrets: SECRETS,
    resourcePolicies: kmsResourcePolicies(parts),
  }
  return { service, sweep: (now) => parts.keys.sweep(now) }
}
