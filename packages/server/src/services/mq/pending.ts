import type { EpochMillis } from '#kernel/ids.ts'
import type { BrokerRecord, BrokerSettings } from '#services/mq/broker-record.ts'
import { healed, inState } from '#services/mq/broker-state.ts'
import { MAX_CONFIGURATION_HISTORY } from '#services/mq/limits.ts'

/** Settings are plain data, always written with the same members in the same order. */
export const isSame = (a: BrokerSettings, b: BrokerSettings): boolean => JSON.stringify(a) === JSON.stringify(b)

/**
 * The record with what is wanted from now on. A broker that refused other settings, and runs with exactly these, has
 * nothing left to complain of.
 */
export function withDesired(record: BrokerRecord, desired: BrokerSettings, now: EpochMillis): BrokerRecord {
  if (isSame(desired, record.desired)) return record
  const changed = { ...record, desired, desiredSince: now }
  const isSettled = record.problem?.kind === 'settings-refused' && !hasPendingChanges(changed)
  return isSettled ? healed(inState(changed, 'RUNNING', now)) : changed
}

/** Whether the next reboot changes anything. */
export const hasPendingChanges = ({ applied, desired }: BrokerRecord): boolean =>
  applied !== undefined && !isSame(applied, desired)

/** The record after the broker started with these settings; the configuration it had before goes into the history. */
export function withApplied(record: BrokerRecord, applied: BrokerSettings): BrokerRecord {
  const before = record.applied?.configuration
  const now = applied.configuration
  const isKept = before === undefined || (before.id === now?.id && before.revision === now.revision)
  if (isKept) return { ...record, applied }
  const history = [...(record.configurationHistory ?? []), before].slice(-MAX_CONFIGURATION_HISTORY)
  return { ...record, applied, configurationHistory: history }
}
