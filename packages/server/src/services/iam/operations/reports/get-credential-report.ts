import { type CredentialReportRecord, REPORT_MILLIS, reportKey } from '#services/iam/credential-report.ts'
import { iamErrors } from '#services/iam/errors.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'

/** The report that was generated last. */
export function getCredentialReport({ records }: Pick<IamDeps, 'records'>): IamHandler<'GetCredentialReport'> {
  return async (_input, { account, now }) => {
    const found = await records.get<CredentialReportRecord>(reportKey(account))
    if (found === undefined) throw iamErrors.reportMissing()
    const { generatedAt, content } = found.value
    if (now - generatedAt >= REPORT_MILLIS) throw iamErrors.reportExpired()
    return { Content: Buffer.from(content), ReportFormat: 'text/csv', GeneratedTime: generatedAt }
  }
}
