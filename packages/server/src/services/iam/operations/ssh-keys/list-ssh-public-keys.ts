import { itemsOf, requireHolder } from '#services/iam/held-items.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { pageOf, startPage } from '#services/iam/paging.ts'
import { SSH_PUBLIC_KEYS } from '#services/iam/ssh-public-keys.ts'
import { targetOf } from '#services/iam/target.ts'

/** The SSH public keys of a user, or of the caller, without bodies. */
export function listSshPublicKeys({
  records,
  tokens,
}: Pick<IamDeps, 'records' | 'tokens'>): IamHandler<'ListSSHPublicKeys'> {
  return async (input, { account, principal, now }) => {
    const target = targetOf(input.UserName, principal)
    const holder = await requireHolder(records, account, target, now)
    const page = startPage(tokens, 'ListSSHPublicKeys', { account, target }, input)
    const items = await itemsOf(records, account, SSH_PUBLIC_KEYS, holder.id)
    const [found, end] = pageOf(page, items, ({ id }) => id)
    return {
      SSHPublicKeys: found.map(({ id, status, uploadedAt }) => ({
        UserName: holder.userName,
        SSHPublicKeyId: id,
        Status: status,
        UploadDate: uploadedAt,
      })),
      ...end,
    }
  }
}
