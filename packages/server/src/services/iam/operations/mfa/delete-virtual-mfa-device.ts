import { retryConflicts } from '#services/iam/entity.ts'
import { iamErrors } from '#services/iam/errors.ts'
import { mfaDevices } from '#services/iam/mfa-devices.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'

/** Only a device that nobody has enabled can be deleted. */
export function deleteVirtualMfaDevice({ records }: Pick<IamDeps, 'records'>): IamHandler<'DeleteVirtualMFADevice'> {
  return async (input, { account }) => {
    await retryConflicts(async () => {
      const { key, revision, value } = await mfaDevices.require(records, account, input.SerialNumber)
      if (value.holder !== undefined) throw iamErrors.deviceInUse()
      await records.commit([{ kind: 'delete', key, expect: revision }])
    })
    return {}
  }
}
