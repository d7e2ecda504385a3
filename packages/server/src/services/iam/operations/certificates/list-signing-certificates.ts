import { itemsOf, requireHolder } from '#services/iam/held-items.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { pageOf, startPage } from '#services/iam/paging.ts'
import { SIGNING_CERTIFICATES, signingCertificateView } from '#services/iam/signing-certificates.ts'
import { targetOf } from '#services/iam/target.ts'

/** The signing certificates of a user, or of the caller. */
export function listSigningCertificates({
  records,
  tokens,
}: Pick<IamDeps, 'records' | 'tokens'>): IamHandler<'ListSigningCertificates'> {
  return async (input, { account, principal, now }) => {
    const target = targetOf(input.UserName, principal)
    const holder = await requireHolder(records, account, target, now)
    const page = startPage(tokens, 'ListSigningCertificates', { account, target }, input)
    const items = await itemsOf(records, account, SIGNING_CERTIFICATES, holder.id)
    const [found, end] = pageOf(page, items, ({ id }) => id)
    return { Certificates: found.map((item) => signingCertificateView(holder.userName, item)), ...end }
  }
}
