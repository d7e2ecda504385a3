import type { AccountId } from '#kernel/ids.ts'
import { retryConflicts } from '#services/iam/entity.ts'
import { iamErrors } from '#services/iam/errors.ts'
import { mfaDevices, seedContext } from '#services/iam/mfa-devices.ts'
import { requireMfaHolder } from '#services/iam/mfa-holder.ts'
import { type IamDeps, type IamHandler, wholeSecond } from '#services/iam/operation.ts'
import type { Target } from '#services/iam/target.ts'
import { consecutiveSteps } from '#services/iam/totp.ts'

const MAX_DEVICES = 8

/** Two codes in a row prove that the user has the device. The account id as name is the root user. */
export function enableMfaDevice({
  records,
  sealer,
}: Pick<IamDeps, 'records' | 'sealer'>): IamHandler<'EnableMFADevice'> {
  return async (input, { account, now }) => {
    const { SerialNumber: serialNumber, AuthenticationCode1: first, AuthenticationCode2: second } = input
    await retryConflicts(async () => {
      const { key, revision, value } = await mfaDevices.require(records, account, serialNumber)
      const { holder, devices, withDevices } = await requireMfaHolder(records, account, targetOf(input, account), now)
      if (value.holder !== undefined) throw iamErrors.deviceTaken()
      if (devices.length >= MAX_DEVICES) throw iamErrors.quotaExceeded('MFADevicesPerUser', MAX_DEVICES)
      const seed = sealer.open(value.sealedSeed, seedContext(serialNumber))
      const usedStep = consecutiveSteps(seed, first, second, now)
      if (usedStep === undefined) throw iamErrors.badCodes()
      const enabled = { ...value, holder, enabledAt: wholeSecond(now), usedStep }
      await records.commit([
        withDevices([...devices, serialNumber]),
        { kind: 'put', key, value: enabled, expect: revision },
      ])
    })
    return {}
  }
}

const targetOf = ({ UserName: userName }: { readonly UserName: string }, account: AccountId): Target =>
  userName === account ? { kind: 'root' } : { kind: 'user', userName }
