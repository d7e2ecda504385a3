import { cachedPolicy } from '@sluice/policy'
import type { AccessCheck, AccessScope, AttachedPolicy } from '#kernel/service.ts'
import { pairsOf } from '#services/kms/access/context.ts'
import { parseKeyArn } from '#services/kms/arns.ts'
import type { KmsParts } from '#services/kms/deps.ts'
import { asPolicies, granteeNames } from '#services/kms/grants/as-policy.ts'
import { type Constrained, meets, noWider } from '#services/kms/grants/constraints.ts'
import type { Grant, GrantConstraints } from '#services/kms/grants/grant-record.ts'
import type { Key } from '#services/kms/keys/key-record.ts'

/** The key policy, and a grant that lets this caller do this: what the gate evaluates beside identity policies. */
export const kmsResourcePolicies =
  (parts: KmsParts) =>
  async (check: AccessCheck, scope: AccessScope): Promise<readonly AttachedPolicy[]> => {
    const named = check.resourcePolicyRequired === true ? parseKeyArn(check.resource) : undefined
    const note = parts.notes.of(check)
    const key = named && ((await parts.keys.find(named.place, named.keyId, parts.clock.now())) ?? note.prospect)
    if (key === undefined) return []
    const own = { name: 'key policy', text: key.policy, policy: cachedPolicy(key.policy, 'resource') }
    return [own, ...(await grantFor(parts, key, check, scope, note.retired))]
  }

async function grantFor(
  { grants }: KmsParts,
  key: Key,
  check: AccessCheck,
  { principal, region }: AccessScope,
  retired: Grant | undefined,
): Promise<readonly AttachedPolicy[]> {
  const names = granteeNames(principal, region)
  const request: Constrained = {
    operation: check.action.slice('kms:'.length),
    encryptionContext: pairsOf(check.context),
    sourceArn: principal.kind === 'service' ? principal.sourceArn : undefined,
  }
  // A grant to a service may name it with a region; policies know it without.
  const granted = (grant: Grant, name: string): readonly AttachedPolicy[] =>
    asPolicies(grant, principal.kind === 'service' ? principal.service : name, request.operation, key.arn)
  if (retired?.retiring !== undefined && names.includes(retired.retiring)) return granted(retired, retired.retiring)
  const fits = (grant: Grant): boolean => allows(grant, request, check)
  const found =
    retired === undefined
      ? await grants.first(key.place, key.keyId, names, fits)
      : [retired].find((grant) => names.includes(grant.grantee) && fits(grant))
  return found === undefined ? [] : granted(found, found.grantee)
}

/** Whether a grant lets its grantee make this request; to pass it on, the new one must not be wider. */
function allows({ operations, constraints }: Grant, request: Constrained, { context = {} }: AccessCheck): boolean {
  if (!operations.some((operation) => operation === request.operation) || !meets(constraints, request)) return false
  if (request.operation !== 'CreateGrant') return true
  const wanted = [context['kms:GrantOperations'] ?? []].flat()
  return (
    wanted.every((operation) => operations.some((own) => own === operation)) &&
    noWider(constraints, wantedConstraints(context, request))
  )
}

/** The constraints of a grant that is asked for, from the condition keys of its check. */
function wantedConstraints(context: NonNullable<AccessCheck['context']>, request: Constrained): GrantConstraints {
  const type = context['kms:GrantConstraintType']
  const sourceArn = context['kms:GrantConstraintSourceArn']
  return {
    ...(type === 'EncryptionContextEquals' ? { contextEquals: request.encryptionContext } : {}),
    ...(type === 'EncryptionContextSubset' ? { contextSubset: request.encryptionContext } : {}),
    ...(typeof sourceArn === 'string' ? { sourceArn } : {}),
  }
}
