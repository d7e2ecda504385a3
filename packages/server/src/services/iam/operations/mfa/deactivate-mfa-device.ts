import { retryConflicts } from '#services/iam/entity.ts'
import { iamErrors } from '#services/iam/errors.ts'
import { mfaDevices } from '#services/iam/mfa-devices.ts'
import { requireMfaHolder } from '#services/iam/mfa-holder.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { targetOf } from '#services/iam/target.ts'

/** The device stays, for nobody. */
export function deactivateMfaDevice({ records }: Pick<IamDeps, 'records'>): IamHandler<'DeactivateMFADevice'> {
  return async (input, { account, principal, now }) => {
    const { SerialNumber: serialNumber } = input
    const target = targetOf(input.UserName, principal)
    await retryConflicts(async () => {
      const { key, revision, value } = await mfaDevices.require(records, account, serialNumber)
      const { devices, withDevices } = await requireMfaHolder(records, account, target, now)
      if (!devices.includes(serialNumber)) throw iamErrors.deviceNotFound(serialNumber)
      const { holder: _holder, enabledAt: _enabledAt, usedStep: _usedStep, ...free } = value
      await records.commit([
        withDevices(devices.filter((kept) => kept !== serialNumber)),
        { kind: 'put', key, value: free, expect: revision },
      ])
    })
    return {}
  }
}
