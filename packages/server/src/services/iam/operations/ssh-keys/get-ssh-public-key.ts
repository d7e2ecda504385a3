import { requireItem } from '#services/iam/held-items.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { SSH_PUBLIC_KEYS, fingerprintOf, pemOf } from '#services/iam/ssh-public-keys.ts'
import { targetOf } from '#services/iam/target.ts'

/** A key in the encoding that is asked for. */
export function getSshPublicKey({ records }: Pick<IamDeps, 'records'>): IamHandler<'GetSSHPublicKey'> {
  return async (input, { account, principal, now }) => {
    const by = { account, target: targetOf(input.UserName, principal), now }
    const { holder, item } = await requireItem(records, by, SSH_PUBLIC_KEYS, input.SSHPublicKeyId)
    return {
      SSHPublicKey: {
        UserName: holder.userName,
        SSHPublicKeyId: item.id,
        Fingerprint: fingerprintOf(item.body),
        SSHPublicKeyBody: input.Encoding === 'PEM' ? pemOf(item.body) : item.body,
        Status: item.status,
        UploadDate: item.uploadedAt,
      },
    }
  }
}
