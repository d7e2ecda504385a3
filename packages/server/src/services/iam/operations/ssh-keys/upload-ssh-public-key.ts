import { randomBase32 } from '#kernel/ids.ts'
import { iamErrors } from '#services/iam/errors.ts'
import { addItem } from '#services/iam/held-items.ts'
import { type IamDeps, type IamHandler, wholeSecond } from '#services/iam/operation.ts'
import { SSH_PUBLIC_KEYS, fingerprintOf, readSshKey } from '#services/iam/ssh-public-keys.ts'
import { targetOf } from '#services/iam/target.ts'

const ID_CHARS = 17

/** A key is kept as OpenSSH writes it, whichever way it came; a user has each key once. */
export function uploadSshPublicKey({ records }: Pick<IamDeps, 'records'>): IamHandler<'UploadSSHPublicKey'> {
  return async (input, { account, principal, now }) => {
    const target = targetOf(input.UserName, principal)
    const body = readSshKey(input.SSHPublicKeyBody)
    const { holder, item } = await addItem(records, { account, target, now }, SSH_PUBLIC_KEYS, (existing) => {
      if (existing.some((one) => one.body === body)) throw iamErrors.duplicateSshKey()
      return { id: `APKA${randomBase32(ID_CHARS)}`, status: 'Active', uploadedAt: wholeSecond(now), body }
    })
    return {
      SSHPublicKey: {
        UserName: holder.userName,
        SSHPublicKeyId: item.id,
        Fingerprint: fingerprintOf(body),
        SSHPublicKeyBody: input.SSHPublicKeyBody,
        Status: item.status,
        UploadDate: item.uploadedAt,
      },
    }
  }
}
