import type { Handler } from '#kernel/call.ts'
import { boundaryChanges } from '#services/iam/boundary.ts'
import { type Named, changeEntity } from '#services/iam/entity.ts'
import { iamErrors } from '#services/iam/errors.ts'
import type { IdentityKind } from '#services/iam/identities.ts'
import type { IamDeps, NoOutput } from '#services/iam/operation.ts'
import type { RoleRecord, UserRecord } from '#services/iam/records.ts'

/** Without the boundary, only the identity's own policies limit it. */
export function deleteBoundary<R extends UserRecord | RoleRecord, M extends string>(
  { records }: Pick<IamDeps, 'records'>,
  kind: IdentityKind<R, M>,
): Handler<Named<M>, NoOutput> {
  return async (input, { account }) => {
    await changeEntity(records, kind, account, input[kind.member], async (record) => {
      const { boundary, ...rest } = record
      if (boundary === undefined) throw iamErrors.noBoundary(kind.noun, kind.nameOf(record))
      // Leaving the one member out gives the record that it was before.
      return { value: rest as R, also: await boundaryChanges(records, account, kind, record, undefined) }
    })
    return {}
  }
}
