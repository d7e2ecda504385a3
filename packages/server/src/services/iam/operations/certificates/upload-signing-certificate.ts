import { randomBase32 } from '#kernel/ids.ts'
import { iamErrors } from '#services/iam/errors.ts'
import { type HeldItem, addItem } from '#services/iam/held-items.ts'
import { type IamDeps, type IamHandler, wholeSecond } from '#services/iam/operation.ts'
import { allRecords } from '#services/iam/paging.ts'
import { SIGNING_CERTIFICATES, readCertificate, signingCertificateView } from '#services/iam/signing-certificates.ts'
import { targetOf } from '#services/iam/target.ts'

const ID_CHARS = 32

/** A certificate is of one user of the account only. */
export function uploadSigningCertificate({
  records,
}: Pick<IamDeps, 'records'>): IamHandler<'UploadSigningCertificate'> {
  return async (input, { account, principal, now }) => {
    const target = targetOf(input.UserName, principal)
    const { fingerprint256 } = readCertificate(input.CertificateBody, now)
    const { holder, item } = await addItem(records, { account, target, now }, SIGNING_CERTIFICATES, async () => {
      const all = await allRecords<HeldItem>(records, SIGNING_CERTIFICATES.collection, account)
      // One that has expired since is no other certificate for that.
      if (all.some(({ body }) => readCertificate(body, 0).fingerprint256 === fingerprint256))
        throw iamErrors.duplicateCertificate()
      return {
        id: randomBase32(ID_CHARS),
        status: 'Active',
        uploadedAt: wholeSecond(now),
        body: input.CertificateBody,
      }
    })
    return { Certificate: signingCertificateView(holder.userName, item) }
  }
}
