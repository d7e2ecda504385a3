import type { Clock } from '#kernel/clock.ts'
import type { EpochMillis } from '#kernel/ids.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import type { BrokerRecord } from '#services/mq/broker-record.ts'
import { STEADY, inState } from '#services/mq/broker-state.ts'
import type { BrokerStore } from '#services/mq/broker-store.ts'
import { hasPendingChanges } from '#services/mq/pending.ts'
import { lastWindowStart } from '#services/mq/rules/maintenance-window.ts'

/** @source Amazon MQ guide: maintenance takes up to two hours */
const WINDOW_MILLIS = 2 * 60 * 60_000

interface MaintenanceDeps {
  readonly store: BrokerStore
  readonly clock: Clock
  readonly telemetry: Telemetry
}

/**
 * Reboots the brokers whose window is open and for whom something is pending. Nobody called for it: nothing is recorded in
 * CloudTrail, and no log group is created, since that takes a caller's permission.
 */
export async function maintain({ store, clock, telemetry }: MaintenanceDeps): Promise<void> {
  const now = clock.now()
  for (const ref of await store.refs()) {
    const record = await store.get(ref)
    if (record === undefined || !isDue(record, now)) continue
    await store.change(ref, (broker) => (isDue(broker, now) ? inState(broker, 'REBOOT_IN_PROGRESS', now) : undefined))
    telemetry.log.info({ event: 'broker_maintenance', brokerId: ref.brokerId })
  }
}

/** What was asked for while the window is open waits for the next one, and what failed in it is not tried twice. */
function isDue(record: BrokerRecord, now: EpochMillis): boolean {
  if (!STEADY.includes(record.state) || !hasPendingChanges(record)) return false
  const start = lastWindowStart(record.maintenanceWindow, now)
  const isOpen = now - start < WINDOW_MILLIS
  const wasTried = record.problem?.kind === 'settings-refused' && record.problem.at >= start
  return isOpen && !wasTried && (record.desiredSince ?? record.created) < start
}
