import { changeEntity } from '#services/iam/entity.ts'
import { iamErrors } from '#services/iam/errors.ts'
import { mfaDevices, seedContext } from '#services/iam/mfa-devices.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { consecutiveSteps } from '#services/iam/totp.ts'

/** Two codes in a row show that the device still works. */
export function resyncMfaDevice({
  records,
  sealer,
}: Pick<IamDeps, 'records' | 'sealer'>): IamHandler<'ResyncMFADevice'> {
  return async (input, { account, now }) => {
    const { SerialNumber: serialNumber, UserName: userName, AuthenticationCode1, AuthenticationCode2 } = input
    await changeEntity(records, mfaDevices, account, serialNumber, (device) => {
      if (device.holder?.kind !== 'user' || device.holder.userName !== userName)
        throw iamErrors.deviceNotFound(serialNumber)
      const seed = sealer.open(device.sealedSeed, seedContext(serialNumber))
      const usedStep = consecutiveSteps(seed, AuthenticationCode1, AuthenticationCode2, now)
      if (usedStep === undefined) throw iamErrors.badCodes()
      return { value: { ...device, usedStep } }
    })
    return {}
  }
}
