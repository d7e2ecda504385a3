import { ownerName } from '#services/iam/access-key-view.ts'
import { iamErrors } from '#services/iam/errors.ts'
import { mfaDevices } from '#services/iam/mfa-devices.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'

/** A device that is enabled, and for whom. */
export function getMfaDevice({ records }: Pick<IamDeps, 'records'>): IamHandler<'GetMFADevice'> {
  return async (input, { account }) => {
    const { SerialNumber: serialNumber, UserName: wanted } = input
    const { holder, enabledAt = 0 } = (await mfaDevices.require(records, account, serialNumber)).value
    const name = holder === undefined ? undefined : ownerName(account, holder)
    if (name === undefined || (wanted !== undefined && wanted !== name)) throw iamErrors.deviceNotFound(serialNumber)
    return { SerialNumber: serialNumber, UserName: name, EnableDate: enabledAt }
  }
}
