import type { AccountId, EpochMillis } from '#kernel/ids.ts'
import { findAccount } from '#services/iam/accounts.ts'
import { wholeSecond } from '#services/iam/operation.ts'
import { users } from '#services/iam/identities.ts'
import type { MfaDeviceRecord } from '#services/iam/mfa-devices.ts'
import { type AccountRecord, accountKey } from '#services/iam/records.ts'
import type { Target } from '#services/iam/target.ts'
import type { RecordChange, RecordStore } from '#stores/records/record-store.ts'

/** Who has MFA devices: a user, or the root user. */
export interface MfaHolder {
  readonly holder: NonNullable<MfaDeviceRecord['holder']>
  /** Serial numbers. */
  readonly devices: readonly string[]
  /** The change that gives the holder these devices, expecting it as it was read. */
  readonly withDevices: (devices: readonly string[]) => RecordChange
}

/** @throws AwsError NoSuchEntity */
export async function requireMfaHolder(
  records: RecordStore,
  account: AccountId,
  target: Target,
  now: EpochMillis,
): Promise<MfaHolder> {
  if (target.kind === 'user') {
    const { key, revision, value } = await users.require(records, account, target.userName)
    return {
      holder: { kind: 'user', userName: value.userName, userId: value.userId },
      devices: value.mfaDevices ?? [],
      withDevices: (mfaDevices) => ({ kind: 'put', key, value: { ...value, mfaDevices }, expect: revision }),
    }
  }
  const key = accountKey(account)
  const found = await records.get<AccountRecord>(key)
  const value = found?.value ?? { createdAt: wholeSecond(now), accessKeyIds: [] }
  return {
    holder: { kind: 'root' },
    devices: value.mfaDevices ?? [],
    withDevices: (mfaDevices) => ({
      kind: 'put',
      key,
      value: { ...value, mfaDevices },
      expect: found?.revision ?? 0,
    }),
  }
}

/** Serial numbers of the devices of a user or of root. */
export async function devicesOf(records: RecordStore, account: AccountId, target: Target): Promise<readonly string[]> {
  if (target.kind === 'root') return (await findAccount(records, account))?.mfaDevices ?? []
  return (await users.require(records, account, target.userName)).value.mfaDevices ?? []
}
