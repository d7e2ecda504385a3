import type { AccountId, EpochMillis } from '#kernel/ids.ts'
import type { Principal } from '#kernel/principal.ts'
import type { Sealer } from '#kernel/secrets.ts'
import { type MfaDeviceRecord, mfaDeviceKey, seedContext } from '#services/iam/mfa-devices.ts'
import { matchingStep } from '#services/iam/totp.ts'
import { type RecordStore, RevisionConflict, type StoredRecord } from '#stores/records/record-store.ts'

/** A code that a caller gave as its second factor. */
export interface GivenCode {
  readonly account: AccountId
  readonly principal: Principal
  readonly serialNumber: string
  readonly code: string
  readonly now: EpochMillis
}

/** Whether the code is good now; it stays good. */
export const isGoodCode = async (records: RecordStore, sealer: Sealer, given: GivenCode): Promise<boolean> =>
  (await findStep(records, sealer, given)) !== undefined

/** Takes a code, which is then worth nothing any more. `false`: it is not good. */
export async function takeCode(records: RecordStore, sealer: Sealer, given: GivenCode): Promise<boolean> {
  const found = await findStep(records, sealer, given)
  if (found === undefined) return false
  const { device, usedStep } = found
  try {
    await records.commit([
      { kind: 'put', key: device.key, value: { ...device.value, usedStep }, expect: device.revision },
    ])
    return true
  } catch (error) {
    // Another request took a code of this device at the same moment.
    if (error instanceof RevisionConflict) return false
    throw error
  }
}

async function findStep(
  records: RecordStore,
  sealer: Sealer,
  { account, principal, serialNumber, code, now }: GivenCode,
): Promise<{ readonly device: StoredRecord<MfaDeviceRecord>; readonly usedStep: number } | undefined> {
  const device = await records.get<MfaDeviceRecord>(mfaDeviceKey(account, serialNumber))
  if (device === undefined || !isHeldBy(device.value, principal)) return undefined
  const seed = sealer.open(device.value.sealedSeed, seedContext(serialNumber))
  const usedStep = matchingStep(seed, code, now, device.value.usedStep ?? 0)
  return usedStep === undefined ? undefined : { device, usedStep }
}

function isHeldBy({ holder }: MfaDeviceRecord, principal: Principal): boolean {
  if (holder?.kind === 'user') return principal.kind === 'user' && holder.userId === principal.userId
  return holder?.kind === 'root' && principal.kind === 'root'
}
