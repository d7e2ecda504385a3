import { changeItem, settableStatus } from '#services/iam/held-items.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { SSH_PUBLIC_KEYS } from '#services/iam/ssh-public-keys.ts'
import { targetOf } from '#services/iam/target.ts'

/** Sets a key active or inactive. */
export function updateSshPublicKey({ records }: Pick<IamDeps, 'records'>): IamHandler<'UpdateSSHPublicKey'> {
  return async (input, { account, principal, now }) => {
    const status = settableStatus(input.Status)
    const by = { account, target: targetOf(input.UserName, principal), now }
    await changeItem(records, by, SSH_PUBLIC_KEYS, input.SSHPublicKeyId, (item) => ({ ...item, status }))
    return {}
  }
}
