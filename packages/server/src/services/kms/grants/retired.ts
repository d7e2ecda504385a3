import { principalName } from '#kernel/principal.ts'
import type { KmsParts } from '#services/kms/deps.ts'
import { kmsErrors } from '#services/kms/errors.ts'
import { checkGrantId } from '#services/kms/grants/end-grant.ts'
import type { Grant } from '#services/kms/grants/grant-record.ts'
import { readGrantToken } from '#services/kms/grants/token.ts'
import { keyArn } from '#services/kms/arns.ts'
import type { Key } from '#services/kms/keys/key-record.ts'
import type { Caller, KmsInput } from '#services/kms/types.ts'

/** The grant that RetireGrant means, by its token or by key and id. @throws AwsError */
export async function retiredGrant(
  { grants, targets, vault }: Pick<KmsParts, 'grants' | 'targets' | 'vault'>,
  input: KmsInput<'RetireGrant'>,
  caller: Caller,
): Promise<{ readonly key: Key; readonly grant: Grant }> {
  const { GrantToken: token, KeyId: keyId, GrantId: grantId } = input
  const byId = keyId !== undefined && grantId !== undefined
  if ((token === undefined) === !byId || (token !== undefined && (keyId ?? grantId) !== undefined))
    throw kmsErrors.validation('Specify either GrantToken, or both KeyId and GrantId.')
  const content = token === undefined ? undefined : readGrantToken(vault, token)
  const named =
    content === undefined
      ? { key: keyId ?? '', grant: grantId ?? '' }
      : { key: keyArn(content.place, content.keyId), grant: content.grantId }
  checkGrantId(named.grant)
  const { key } = await targets.meant(input, named.key, caller, 'RetireGrant')
  const grant = await grants.find(key.place, key.keyId, named.grant)
  if (grant === undefined)
    throw key.place.account === caller.account
      ? kmsErrors.grantNotFound(named.grant)
      : kmsErrors.hiddenKey(principalName(caller.principal), 'kms:RetireGrant', key.arn)
  return { key, grant }
}
