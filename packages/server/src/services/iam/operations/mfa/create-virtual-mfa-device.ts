import { checkName, checkPath, checkTags } from '#services/iam/checks.ts'
import { createEntity } from '#services/iam/entity.ts'
import { iamErrors } from '#services/iam/errors.ts'
import { type MfaDeviceRecord, mfaDeviceKey, seedContext } from '#services/iam/mfa-devices.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { newSeed } from '#services/iam/totp.ts'
import { tagsView } from '#services/iam/views.ts'

/** A device that nobody has yet. The answer is the only place where its seed is ever readable. */
export function createVirtualMfaDevice({
  records,
  sealer,
}: Pick<IamDeps, 'records' | 'sealer'>): IamHandler<'CreateVirtualMFADevice'> {
  return async (input, { account }) => {
    const { VirtualMFADeviceName: name, Path: path = '/', Tags: tags = [] } = input
    checkName('virtualMFADeviceName', name)
    checkPath(path)
    checkTags(tags)
    const serialNumber = `arn:aws:iam::${account}:mfa${path}${name}`
    const seed = newSeed()
    const device: MfaDeviceRecord = { serialNumber, sealedSeed: sealer.seal(seed, seedContext(serialNumber)), tags }
    const exists = () => iamErrors.deviceExists(serialNumber)
    await createEntity(records, mfaDeviceKey(account, serialNumber), device, exists)
    return {
      VirtualMFADevice: { SerialNumber: serialNumber, Base32StringSeed: Buffer.from(seed), ...tagsView(device) },
    }
  }
}
