import { type AccountId, type EpochMillis, GLOBAL_REGION } from '#kernel/ids.ts'
import { parseIamArn } from '#services/iam/arns.ts'
import type { EntityKind } from '#services/iam/entity.ts'
import { iamErrors } from '#services/iam/errors.ts'
import type { Tagged } from '#services/iam/records.ts'
import type { RecordKey } from '#stores/records/record-store.ts'

/** A virtual MFA device, in collection `iam.mfa-device` by its serial number. */
export interface MfaDeviceRecord extends Tagged {
  readonly serialNumber: string
  readonly sealedSeed: string
  /** Whom it is enabled for. */
  readonly holder?:
    | { readonly kind: 'root' }
    | { readonly kind: 'user'; readonly userName: string; readonly userId: string }
  readonly enabledAt?: EpochMillis
  /** The step of the code that was used last: none is taken twice. */
  readonly usedStep?: number
}

export const MFA_DEVICES = 'iam.mfa-device'
export const mfaDeviceKey = (account: AccountId, serialNumber: string): RecordKey => ({
  collection: MFA_DEVICES,
  account,
  region: GLOBAL_REGION,
  id: serialNumber,
})

/** What binds a sealed seed to its device. */
export const seedContext = (serialNumber: string): string => `iam.mfa-device/${serialNumber}`

/** Virtual MFA devices, by serial number, which is their ARN. */
export const mfaDevices: EntityKind<MfaDeviceRecord, 'SerialNumber'> = {
  member: 'SerialNumber',
  async require(records, account, serialNumber) {
    const parsed = parseIamArn(serialNumber)
    const found =
      parsed?.type === 'mfa' && parsed.account === account
        ? await records.get<MfaDeviceRecord>(mfaDeviceKey(account, serialNumber))
        : undefined
    if (found === undefined) throw iamErrors.deviceNotFound(serialNumber)
    return found
  },
}
