import type { OperationAccess, Service } from '#kernel/service.ts'
import { type Context, forService, given, pairsContext } from '#services/kms/access/context.ts'
import { keyCheck, keyResources, onKey, onNothing } from '#services/kms/access/key-checks.ts'
import type { KmsParts } from '#services/kms/deps.ts'
import { retiredGrant } from '#services/kms/grants/retired.ts'
import { readConstraints } from '#services/kms/grants/read-grant.ts'
import type { KmsInput } from '#services/kms/types.ts'

type GrantOperations = 'CreateGrant' | 'ListGrants' | 'ListRetirableGrants' | 'RetireGrant' | 'RevokeGrant'

/** Grants: whoever manages the key makes and takes them, and whoever they name gives them back. */
export function grantAccess(parts: KmsParts): Pick<Service<'kms'>['access'], GrantOperations> {
  const on = onKey(parts)
  return {
    CreateGrant: on('CreateGrant', {
      foreign: true,
      context: (input: KmsInput<'CreateGrant'>, scope) => ({ ...forService(scope), ...grantContext(input) }),
    }),
    ListGrants: on('ListGrants', { readOnly: true, foreign: true, context: (_input, scope) => forService(scope) }),
    RevokeGrant: on('RevokeGrant', { foreign: true, context: (_input, scope) => forService(scope) }),
    RetireGrant: retireAccess(parts),
    ListRetirableGrants: onNothing('ListRetirableGrants', true),
  }
}

const retireAccess = (parts: KmsParts): OperationAccess<KmsInput<'RetireGrant'>> => ({
  category: 'management',
  readOnly: false,
  checks: async (input, scope) => {
    const { key, grant } = await retiredGrant(parts, input, scope)
    const { contextEquals, contextSubset } = grant.constraints
    const context = {
      ...pairsContext(contextEquals ?? contextSubset),
      ...given('kms:GrantConstraintType', constraintType(contextEquals, contextSubset)),
    }
    const check = await keyCheck(parts, 'RetireGrant', { key }, scope, context)
    parts.notes.add(check, { retired: grant })
    return [check]
  },
  resources: keyResources(parts),
})

function grantContext(input: KmsInput<'CreateGrant'>): Context {
  const { contextEquals, contextSubset, sourceArn } = readConstraints(input.Constraints)
  return {
    ...pairsContext(contextEquals ?? contextSubset),
    ...given('kms:GrantConstraintType', constraintType(contextEquals, contextSubset)),
    ...given('kms:GrantConstraintSourceArn', sourceArn),
    'kms:GrantOperations': input.Operations,
    ...given('kms:GranteePrincipal', input.GranteePrincipal),
    ...given('kms:GranteeServicePrincipal', input.GranteeServicePrincipal),
    ...given('kms:RetiringPrincipal', input.RetiringPrincipal),
    ...given('kms:RetiringServicePrincipal', input.RetiringServicePrincipal),
  }
}

function constraintType(equal: object | undefined, subset: object | undefined): string | undefined {
  if (equal !== undefined) return 'EncryptionContextEquals'
  return subset === undefined ? undefined : 'EncryptionContextSubset'
}
