import type { Handler } from '#kernel/call.ts'
import { type Named, changeEntity } from '#services/iam/entity.ts'
import { iamErrors } from '#services/iam/errors.ts'
import type { IdentityKind } from '#services/iam/identities.ts'
import { MAX_ATTACHED } from '#services/iam/limits.ts'
import { requireManagedPolicy } from '#services/iam/managed-policies.ts'
import type { IamDeps, NoOutput } from '#services/iam/operation.ts'
import { addUse } from '#services/iam/policy-usage.ts'
import type { IdentityRecord } from '#services/iam/records.ts'

const SERVICE_ROLE_POLICY = /^arn:aws:iam::aws:policy\/aws-service-role\//

/** Attaching what is attached changes nothing. */
export function attachPolicy<R extends IdentityRecord, M extends string>(
  { records }: Pick<IamDeps, 'records'>,
  kind: IdentityKind<R, M>,
): Handler<Named<M> & { readonly PolicyArn: string }, NoOutput> {
  return async (input, { account }) => {
    const { PolicyArn: arn } = input
    await changeEntity(records, kind, account, input[kind.member], async (record) => {
      const { attached = [] } = record
      if (attached.includes(arn)) return undefined
      await requireManagedPolicy(records, account, arn)
      if (SERVICE_ROLE_POLICY.test(arn)) throw iamErrors.serviceRolePolicy()
      if (attached.length >= MAX_ATTACHED) throw iamErrors.quotaExceeded(kind.attachedQuota, MAX_ATTACHED)
      const user = { use: 'policy', kind: kind.noun, name: kind.nameOf(record), id: kind.idOf(record) } as const
      return { value: { ...record, attached: [...attached, arn] }, also: await addUse(records, account, arn, user) }
    })
    return {}
  }
}
