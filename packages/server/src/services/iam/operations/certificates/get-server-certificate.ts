import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { metadataView, serverCertificates } from '#services/iam/server-certificates.ts'
import { tagsView } from '#services/iam/views.ts'

/** A server certificate with its body and chain; nobody is told its private key. */
export function getServerCertificate({ records }: Pick<IamDeps, 'records'>): IamHandler<'GetServerCertificate'> {
  return async (input, { account }) => {
    const { value } = await serverCertificates.require(records, account, input.ServerCertificateName)
    return {
      ServerCertificate: {
        ServerCertificateMetadata: metadataView(account, value),
        CertificateBody: value.body,
        ...(value.chain === undefined ? {} : { CertificateChain: value.chain }),
        ...tagsView(value),
      },
    }
  }
}
