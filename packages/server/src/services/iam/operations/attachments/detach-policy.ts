import type { Handler } from '#kernel/call.ts'
import { type Named, changeEntity } from '#services/iam/entity.ts'
import { iamErrors } from '#services/iam/errors.ts'
import type { IdentityKind } from '#services/iam/identities.ts'
import type { IamDeps, NoOutput } from '#services/iam/operation.ts'
import { removeUse } from '#services/iam/policy-usage.ts'
import type { IdentityRecord } from '#services/iam/records.ts'

/** What only this policy allowed is denied from the next request on. */
export function detachPolicy<R extends IdentityRecord, M extends string>(
  { records }: Pick<IamDeps, 'records'>,
  kind: IdentityKind<R, M>,
): Handler<Named<M> & { readonly PolicyArn: string }, NoOutput> {
  return async (input, { account }) => {
    const { PolicyArn: arn } = input
    await changeEntity(records, kind, account, input[kind.member], (record) => {
      const { attached = [] } = record
      if (!attached.includes(arn)) throw iamErrors.policyNotFound(arn)
      return {
        value: { ...record, attached: attached.filter((kept) => kept !== arn) },
        also: [removeUse(account, arn, { use: 'policy', kind: kind.noun, name: kind.nameOf(record) })],
      }
    })
    return {}
  }
}
