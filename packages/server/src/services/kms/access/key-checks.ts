import { principalName } from '#kernel/principal.ts'
import type { AccessCheck, AccessScope, AuditResource, OperationAccess } from '#kernel/service.ts'
import { type Context, callerContext, keyContext } from '#services/kms/access/context.ts'
import type { KmsParts } from '#services/kms/deps.ts'
import { HIDDEN_CIPHERTEXT_KEY, hiddenKeyText, kmsErrors } from '#services/kms/errors.ts'
import { readGrantToken } from '#services/kms/grants/token.ts'
import type { Target } from '#services/kms/targets.ts'

/** How an operation on one key is decided. */
export interface KeyOperation<Input> {
  readonly readOnly?: boolean
  /** Keys of other accounts can be named by their ARN. */
  readonly foreign?: boolean
  /** Condition keys of this operation. */
  readonly context?: (input: Input, scope: AccessScope) => Context
}

/** A check on a key: without an Allow of its key policy, or a grant, nobody gets in, not even the account itself. */
export async function keyCheck(
  { aliases, notes }: Pick<KmsParts, 'aliases' | 'notes'>,
  operation: string,
  target: Target,
  scope: AccessScope,
  context: Context = {},
): Promise<AccessCheck> {
  const { place, keyId, arn } = target.key
  const action = `kms:${operation}`
  const opens = operation === 'Decrypt' || operation === 'ReEncryptFrom'
  const check: AccessCheck = {
    action,
    resource: arn,
    resourceAccount: place.account,
    resourcePolicyRequired: true,
    context: { ...callerContext(scope), ...keyContext(target, await aliases.ofKey(place, keyId)), ...context },
    ...(place.account === scope.account
      ? {}
      : { denialText: opens ? HIDDEN_CIPHERTEXT_KEY : hiddenKeyText(principalName(scope.principal), action, arn) }),
  }
  if (target.prospect !== undefined) notes.add(check, { prospect: target.key })
  return check
}

/** @throws AwsError AccessDeniedException for operations that do not reach into other accounts */
export function refuseForeign({ key }: Target, operation: string, scope: AccessScope): void {
  if (key.place.account !== scope.account)
    throw kmsErrors.hiddenKey(principalName(scope.principal), `kms:${operation}`, key.arn)
}

/** @throws AwsError InvalidGrantTokenException; a sound token adds nothing, since grants count at once */
export function checkGrantTokens(
  { vault }: Pick<KmsParts, 'vault'>,
  { GrantTokens: tokens = [] }: { readonly GrantTokens?: readonly string[] | undefined },
): void {
  for (const token of tokens) readGrantToken(vault, token)
}

/** An operation on the key that `KeyId` names. */
export const onKey =
  (parts: KmsParts) =>
  <Input extends { readonly KeyId: string; readonly GrantTokens?: readonly string[] | undefined }>(
    operation: string,
    { readOnly = false, foreign = false, context }: KeyOperation<Input> = {},
  ): OperationAccess<Input> => ({
    category: 'management',
    readOnly,
    checks: async (input, scope) => {
      checkGrantTokens(parts, input)
      const target = await parts.targets.meant(input, input.KeyId, scope, operation)
      if (!foreign) refuseForeign(target, operation, scope)
      return [await keyCheck(parts, operation, target, scope, context?.(input, scope))]
    },
    resources: keyResources(parts),
  })

/** The keys that a call was about, for its record. */
export const keyResources =
  ({ targets }: Pick<KmsParts, 'targets'>) =>
  (input: object): readonly AuditResource[] =>
    targets.arnsOf(input).map((name) => ({ type: 'AWS::KMS::Key', name }))

/** An operation without a key; identity policies alone decide. */
export const onNothing = <Input>(
  operation: string,
  readOnly: boolean,
  context: (input: Input, scope: AccessScope) => Context = () => ({}),
): OperationAccess<Input> => ({
  category: 'management',
  readOnly,
  checks: (input, scope) => [
    { action: `kms:${operation}`, resource: '*', context: { ...callerContext(scope), ...context(input, scope) } },
  ],
})
