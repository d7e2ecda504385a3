import { ownerName } from '#services/iam/access-key-view.ts'
import { devicesOf } from '#services/iam/mfa-holder.ts'
import { type MfaDeviceRecord, mfaDeviceKey } from '#services/iam/mfa-devices.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { pageOf, startPage } from '#services/iam/paging.ts'
import { targetOf } from '#services/iam/target.ts'

/** The MFA devices of a user, or of the caller. */
export function listMfaDevices({ records, tokens }: Pick<IamDeps, 'records' | 'tokens'>): IamHandler<'ListMFADevices'> {
  return async (input, { account, principal }) => {
    const target = targetOf(input.UserName, principal)
    const page = startPage(tokens, 'ListMFADevices', { account, target }, input)
    const [serials, end] = pageOf(page, await devicesOf(records, account, target), (serial) => serial)
    const devices = await Promise.all(
      serials.map((serial) => records.get<MfaDeviceRecord>(mfaDeviceKey(account, serial))),
    )
    return {
      MFADevices: devices.flatMap((found) => {
        const { holder, enabledAt = 0, serialNumber } = found?.value ?? {}
        if (holder === undefined || serialNumber === undefined) return []
        return { UserName: ownerName(account, holder), SerialNumber: serialNumber, EnableDate: enabledAt }
      }),
      ...end,
    }
  }
}
