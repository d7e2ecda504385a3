import type { CallContext } from '#kernel/call.ts'
import { kmsErrors } from '#services/kms/errors.ts'
import type { Key } from '#services/kms/keys/key-record.ts'
import type { Targets } from '#services/kms/targets.ts'

/** The key that an alias is to stand for: one of the account itself, named by id or ARN. @throws AwsError */
export async function ownKey(
  targets: Targets,
  input: object,
  identifier: string,
  ctx: CallContext,
  operation: string,
): Promise<Key> {
  const { key, alias } = await targets.of(input, identifier, ctx, operation)
  if (alias !== undefined) throw kmsErrors.validation('Aliases must refer to keys. Not aliases')
  if (key.place.account !== ctx.account || key.manager === 'AWS') throw kmsErrors.keyNotFound(key.arn)
  return key
}
