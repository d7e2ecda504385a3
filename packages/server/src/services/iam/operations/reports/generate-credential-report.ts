import { type CredentialReportRecord, REPORT_MILLIS, reportKey, writeReport } from '#services/iam/credential-report.ts'
import { type IamDeps, type IamHandler, wholeSecond } from '#services/iam/operation.ts'

/** Writes a report, unless there is one that is not four hours old. */
export function generateCredentialReport({
  records,
}: Pick<IamDeps, 'records'>): IamHandler<'GenerateCredentialReport'> {
  return async (_input, { account, now }) => {
    const found = await records.get<CredentialReportRecord>(reportKey(account))
    if (found !== undefined && now - found.value.generatedAt < REPORT_MILLIS) return { State: 'COMPLETE' }
    const value: CredentialReportRecord = {
      generatedAt: wholeSecond(now),
      content: await writeReport(records, account, now),
    }
    await records.commit([{ kind: 'put', key: reportKey(account), value }])
    return { State: 'STARTED', Description: 'No report exists. Starting a new report generation task' }
  }
}
