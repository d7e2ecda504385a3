import type { AccessCheck, AccessScope, OperationAccess, Service } from '#kernel/service.ts'
import { callerContext } from '#services/kms/access/context.ts'
import { keyCheck, keyResources, refuseForeign } from '#services/kms/access/key-checks.ts'
import { checkAliasName } from '#services/kms/aliases/alias-name.ts'
import { aliasArn } from '#services/kms/arns.ts'
import type { KmsParts } from '#services/kms/deps.ts'

type AliasOperation = 'CreateAlias' | 'UpdateAlias' | 'DeleteAlias'

/** An alias takes two permissions: on the alias, by identity policies, and on every key that it points or pointed to. */
export function aliasAccess(parts: KmsParts): Pick<Service<'kms'>['access'], AliasOperation> {
  const access = <Input extends { readonly AliasName: string }>(
    operation: AliasOperation,
    identifiers: (input: Input) => readonly string[],
  ): OperationAccess<Input> => ({
    category: 'management',
    readOnly: false,
    checks: async (input, scope) => {
      checkAliasName(input.AliasName)
      const keys: AccessCheck[] = []
      for (const identifier of identifiers(input)) {
        const target = await parts.targets.meant(input, identifier, scope, operation)
        refuseForeign(target, operation, scope)
        // The alias is what is changed here, not how the key was named.
        keys.push(await keyCheck(parts, operation, { key: target.key }, scope))
      }
      return [aliasCheck(operation, input.AliasName, scope), ...keys]
    },
    resources: keyResources(parts),
  })
  return {
    CreateAlias: access('CreateAlias', ({ TargetKeyId }) => [TargetKeyId]),
    UpdateAlias: access('UpdateAlias', ({ AliasName, TargetKeyId }) => [AliasName, TargetKeyId]),
    DeleteAlias: access('DeleteAlias', ({ AliasName }) => [AliasName]),
  }
}

const aliasCheck = (operation: string, name: string, scope: AccessScope): AccessCheck => ({
  action: `kms:${operation}`,
  resource: aliasArn(scope, name),
  context: callerContext(scope),
})
