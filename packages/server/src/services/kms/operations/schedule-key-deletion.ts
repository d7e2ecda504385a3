import type { KmsParts } from '#services/kms/deps.ts'
import { kmsErrors } from '#services/kms/errors.ts'
import { recordOf } from '#services/kms/keys/key-record.ts'
import { requireAlive } from '#services/kms/keys/state.ts'
import { DAY_MILLIS, DELETION_WINDOW } from '#services/kms/limits.ts'
import type { KmsHandler } from '#services/kms/types.ts'

/** The key can no longer be used, and ends with all its material when the window is over. */
export const scheduleKeyDeletion =
  ({ keys, targets }: KmsParts): KmsHandler<'ScheduleKeyDeletion'> =>
  async (input, ctx) => {
    const { PendingWindowInDays: days = DELETION_WINDOW.standard } = input
    checkWindow(days)
    const { key } = await targets.of(input, input.KeyId, ctx, 'ScheduleKeyDeletion')
    const deletionDate = ctx.now + days * DAY_MILLIS
    await keys.change(key, ctx.now, (now) => {
      requireAlive(now)
      return { record: { ...recordOf(now), state: 'PendingDeletion', deletionDate } }
    })
    return { KeyId: key.arn, DeletionDate: deletionDate, KeyState: 'PendingDeletion', PendingWindowInDays: days }
  }

function checkWindow(days: number): void {
  const { least, most } = DELETION_WINDOW
  const rule = days < least ? `greater than or equal to ${String(least)}` : `less than or equal to ${String(most)}`
  if (days < least || days > most)
    throw kmsErrors.constraint('pendingWindowInDays', String(days), `Member must have value ${rule}`)
}
