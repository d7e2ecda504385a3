import { retryConflicts } from '#services/iam/entity.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { serverCertificates } from '#services/iam/server-certificates.ts'

/** No service here uses server certificates, so none is ever in use. */
export function deleteServerCertificate({ records }: Pick<IamDeps, 'records'>): IamHandler<'DeleteServerCertificate'> {
  return async (input, { account }) => {
    await retryConflicts(async () => {
      const { key, revision } = await serverCertificates.require(records, account, input.ServerCertificateName)
      await records.commit([{ kind: 'delete', key, expect: revision }])
    })
    return {}
  }
}
