import { checkName, checkPath } from '#services/iam/checks.ts'
import { retryConflicts } from '#services/iam/entity.ts'
import { iamErrors } from '#services/iam/errors.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { serverCertificateKey, serverCertificates } from '#services/iam/server-certificates.ts'
import { RevisionConflict } from '#stores/records/record-store.ts'

/** Another name or path; id, certificate and tags stay, the ARN changes. */
export function updateServerCertificate({ records }: Pick<IamDeps, 'records'>): IamHandler<'UpdateServerCertificate'> {
  return async (input, { account }) => {
    const { ServerCertificateName: name, NewServerCertificateName: newName = name, NewPath: newPath } = input
    checkName('newServerCertificateName', newName)
    if (newPath !== undefined) checkPath(newPath)
    await retryConflicts(async () => {
      const { key, revision, value } = await serverCertificates.require(records, account, name)
      const record = { ...value, name: newName, path: newPath ?? value.path }
      const to = serverCertificateKey(account, newName)
      if (to.id === key.id) return records.commit([{ kind: 'put', key, value: record, expect: revision }])
      try {
        await records.commit([
          { kind: 'delete', key, expect: revision },
          { kind: 'put', key: to, value: record, expect: 0 },
        ])
      } catch (error) {
        if (error instanceof RevisionConflict && error.key.id === to.id)
          throw iamErrors.serverCertificateExists(newName)
        throw error
      }
    })
    return {}
  }
}
