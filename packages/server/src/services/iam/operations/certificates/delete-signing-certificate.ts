import { changeItem } from '#services/iam/held-items.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { SIGNING_CERTIFICATES } from '#services/iam/signing-certificates.ts'
import { targetOf } from '#services/iam/target.ts'

/** Only a certificate of the user named, or else of the caller, is found. */
export function deleteSigningCertificate({
  records,
}: Pick<IamDeps, 'records'>): IamHandler<'DeleteSigningCertificate'> {
  return async (input, { account, principal, now }) => {
    const by = { account, target: targetOf(input.UserName, principal), now }
    await changeItem(records, by, SIGNING_CERTIFICATES, input.CertificateId, () => undefined)
    return {}
  }
}
