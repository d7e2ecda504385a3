import type { Grant } from '#services/kms/grants/grant-record.ts'
import type { KmsOutput } from '#services/kms/types.ts'

type Entry = NonNullable<KmsOutput<'ListGrants'>['Grants']>[number]

const isService = (principal: string): boolean => !principal.startsWith('arn:')

/** A grant as lists answer it. */
export const grantView = ({ constraints, ...grant }: Grant, keyArn: string): Entry => ({
  KeyId: keyArn,
  GrantId: grant.grantId,
  Name: grant.name ?? '',
  CreationDate: grant.createdAt,
  GranteePrincipal: grant.grantee,
  ...(isService(grant.grantee) ? { GranteeServicePrincipal: grant.grantee } : {}),
  ...(grant.retiring === undefined ? {} : { RetiringPrincipal: grant.retiring }),
  ...(grant.retiring !== undefined && isService(grant.retiring) ? { RetiringServicePrincipal: grant.retiring } : {}),
  IssuingAccount: `arn:aws:iam::${grant.issuer}:root`,
  Operations: grant.operations,
  ...(Object.keys(constraints).length === 0 ? {} : { Constraints: constraintsView(constraints) }),
})

function constraintsView({
  contextEquals,
  contextSubset,
  sourceArn,
}: Grant['constraints']): NonNullable<Entry['Constraints']> {
  return {
    ...(contextEquals === undefined ? {} : { EncryptionContextEquals: contextEquals }),
    ...(contextSubset === undefined ? {} : { EncryptionContextSubset: contextSubset }),
    ...(sourceArn === undefined ? {} : { SourceArn: sourceArn }),
  }
}
