import type { AccountId } from '#kernel/ids.ts'
import { findUser } from '#services/iam/identities.ts'
import { MFA_DEVICES, type MfaDeviceRecord } from '#services/iam/mfa-devices.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { pageOfRecords, startPage } from '#services/iam/paging.ts'
import { listedUser, rootUser } from '#services/iam/views.ts'
import { findAccount } from '#services/iam/accounts.ts'
import type { RecordStore } from '#stores/records/record-store.ts'

/** Every virtual device of the account, or those that are or are not assigned; never their seeds. */
export function listVirtualMfaDevices({
  records,
  tokens,
}: Pick<IamDeps, 'records' | 'tokens'>): IamHandler<'ListVirtualMFADevices'> {
  return async (input, { account }) => {
    const { AssignmentStatus: status = 'Any' } = input
    const page = startPage(tokens, 'ListVirtualMFADevices', { account, status }, input)
    const wanted = ({ holder }: MfaDeviceRecord) =>
      status === 'Any' || (holder !== undefined) === (status === 'Assigned')
    const [found, end] = await pageOfRecords(records, { collection: MFA_DEVICES, account }, page, wanted)
    return { VirtualMFADevices: await Promise.all(found.map((device) => viewOf(records, account, device))), ...end }
  }
}

async function viewOf(records: RecordStore, account: AccountId, { serialNumber, holder, enabledAt }: MfaDeviceRecord) {
  if (holder === undefined || enabledAt === undefined) return { SerialNumber: serialNumber }
  const user = holder.kind === 'user' ? (await findUser(records, account, holder.userName))?.value : undefined
  const root = holder.kind === 'root' ? await findAccount(records, account) : undefined
  return {
    SerialNumber: serialNumber,
    EnableDate: enabledAt,
    ...(user === undefined ? {} : { User: listedUser(account, user) }),
    ...(root === undefined ? {} : { User: rootUser(account, root.createdAt) }),
  }
}
