import { changeItem } from '#services/iam/held-items.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { SSH_PUBLIC_KEYS } from '#services/iam/ssh-public-keys.ts'
import { targetOf } from '#services/iam/target.ts'

/** Only a key of the user named is found. */
export function deleteSshPublicKey({ records }: Pick<IamDeps, 'records'>): IamHandler<'DeleteSSHPublicKey'> {
  return async (input, { account, principal, now }) => {
    const by = { account, target: targetOf(input.UserName, principal), now }
    await changeItem(records, by, SSH_PUBLIC_KEYS, input.SSHPublicKeyId, () => undefined)
    return {}
  }
}
