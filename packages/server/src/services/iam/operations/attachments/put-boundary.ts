import type { Handler } from '#kernel/call.ts'
import { type Named, changeEntity } from '#services/iam/entity.ts'
import type { IdentityKind } from '#services/iam/identities.ts'
import type { IamDeps, NoOutput } from '#services/iam/operation.ts'
import { boundaryChanges } from '#services/iam/boundary.ts'
import type { RoleRecord, UserRecord } from '#services/iam/records.ts'

/** Sets the permissions boundary, or replaces it. */
export function putBoundary<R extends UserRecord | RoleRecord, M extends string>(
  { records }: Pick<IamDeps, 'records'>,
  kind: IdentityKind<R, M>,
): Handler<Named<M> & { readonly PermissionsBoundary: string }, NoOutput> {
  return async (input, { account }) => {
    const { PermissionsBoundary: boundary } = input
    await changeEntity(records, kind, account, input[kind.member], async (record) => ({
      value: { ...record, boundary },
      also: await boundaryChanges(records, account, kind, record, boundary),
    }))
    return {}
  }
}
