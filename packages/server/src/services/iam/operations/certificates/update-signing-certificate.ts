import { changeItem, settableStatus } from '#services/iam/held-items.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { SIGNING_CERTIFICATES } from '#services/iam/signing-certificates.ts'
import { targetOf } from '#services/iam/target.ts'

/** Sets a certificate active or inactive. */
export function updateSigningCertificate({
  records,
}: Pick<IamDeps, 'records'>): IamHandler<'UpdateSigningCertificate'> {
  return async (input, { account, principal, now }) => {
    const status = settableStatus(input.Status)
    const by = { account, target: targetOf(input.UserName, principal), now }
    await changeItem(records, by, SIGNING_CERTIFICATES, input.CertificateId, (item) => ({ ...item, status }))
    return {}
  }
}
