import { checkPathPrefix } from '#services/iam/checks.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { pageOfRecords, startPage, underPath } from '#services/iam/paging.ts'
import { SERVER_CERTIFICATES, type ServerCertificateRecord, metadataView } from '#services/iam/server-certificates.ts'

/** Server certificates whose path begins with `PathPrefix`, by name without case. */
export function listServerCertificates({
  records,
  tokens,
}: Pick<IamDeps, 'records' | 'tokens'>): IamHandler<'ListServerCertificates'> {
  return async (input, { account }) => {
    const { PathPrefix: pathPrefix = '/' } = input
    checkPathPrefix(pathPrefix)
    const page = startPage(tokens, 'ListServerCertificates', { account, pathPrefix }, input)
    const from = { collection: SERVER_CERTIFICATES, account }
    const [found, end] = await pageOfRecords<ServerCertificateRecord>(records, from, page, underPath(pathPrefix))
    return { ServerCertificateMetadataList: found.map((record) => metadataView(account, record)), ...end }
  }
}
