import type { EpochMillis } from '#kernel/ids.ts'
import { DAY_MILLIS } from '#services/kms/limits.ts'
import type { KeyRecord } from '#services/kms/keys/key-record.ts'

/** What time has done to a key and is to be written down. */
export type Due = 'deletion' | 'expiry' | 'rotation'

/** The material that encrypts now; `undefined` until something was imported. */
export const currentOf = ({ backing }: Pick<KeyRecord, 'backing'>): KeyRecord['backing'][number] | undefined =>
  backing.at(-1)

/** Whether material that a key had by import has come to its end. */
export const hasExpired = ({ imported }: KeyRecord['backing'][number], now: EpochMillis): boolean =>
  imported !== undefined && !imported.gone && imported.validTo !== undefined && imported.validTo <= now

/** What is due first; pure, so that the sweep and every read agree. A disabled key does not rotate until it is enabled. */
export function dueOf(key: KeyRecord, now: EpochMillis): Due | undefined {
  if (key.state === 'PendingDeletion')
    return key.deletionDate !== undefined && key.deletionDate <= now ? 'deletion' : undefined
  if (key.backing.some((one) => hasExpired(one, now))) return 'expiry'
  if (key.state === 'Enabled' && key.rotation !== undefined && key.rotation.next <= now) return 'rotation'
  return undefined
}

/** The next automatic rotation after one at `from`. */
export const nextRotation = (from: EpochMillis, days: number): EpochMillis => from + days * DAY_MILLIS
