import type { BrokerEngine } from '#engines/broker-engine.ts'
import type { Clock } from '#kernel/clock.ts'
import type { EpochMillis } from '#kernel/ids.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import { type BrokerRecord, instanceNumbers } from '#services/mq/broker-record.ts'
import { STEADY, inState } from '#services/mq/broker-state.ts'
import type { BrokerStore } from '#services/mq/broker-store.ts'
import { hasPendingChanges } from '#services/mq/pending.ts'
import { lastWindowStart } from '#services/mq/rules/maintenance-window.ts'

/** @source Amazon MQ guide: maintenance takes up to two hours */
const WINDOW_MILLIS = 2 * 60 * 60_000

interface MaintenanceDeps {
  readonly store: BrokerStore
  readonly engineOf: (broker: Pick<BrokerRecord, 'engineType'>) => Pick<BrokerEngine, 'isCertificateDue'>
  readonly clock: Clock
  readonly telemetry: Telemetry
}

/**
 * Reboots the brokers whose window is open and for whom something is pending, or whose certificate is near its end, since
 * a broker reads it only when it starts. Nobody called for it: nothing is recorded in
 * CloudTrail, and no log group is created, since that takes a caller's permission.
 */
export async function maintain({ store, engineOf, clock, telemetry }: MaintenanceDeps): Promise<void> {
  const now = clock.now()
  for (const ref of await store.refs()) {
    const record = await store.get(ref)
    if (record === undefined || !isOpen(record, now)) continue
    const wearsOut = await hasDueCertificate(record, engineOf(record))
    if (!isDue(record, now, wearsOut)) continue
    await store.change(ref, (broker) =>
      isOpen(broker, now) && isDue(broker, now, wearsOut) ? inState(broker, 'REBOOT_IN_PROGRESS', now) : undefined,
    )
    telemetry.log.info({ event: 'broker_maintenance', brokerId: ref.brokerId })
  }
}

async function hasDueCertificate(
  record: BrokerRecord,
  engine: Pick<BrokerEngine, 'isCertificateDue'>,
): Promise<boolean> {
  const due = await Promise.all(
    instanceNumbers(record).map((instance) => engine.isCertificateDue(record.brokerId, instance)),
  )
  return due.includes(true)
}

const isOpen = ({ state, maintenanceWindow }: BrokerRecord, now: EpochMillis): boolean =>
  STEADY.includes(state) && now - lastWindowStart(maintenanceWindow, now) < WINDOW_MILLIS

/** What was asked for while the window is open waits for the next one, and what failed in it is not tried twice. */
function isDue(record: BrokerRecord, now: EpochMillis, wearsOut: boolean): boolean {
  const start = lastWindowStart(record.maintenanceWindow, now)
  const wasTried = record.problem?.kind === 'settings-refused' && record.problem.at >= start
  const isPending = hasPendingChanges(record) && (record.desiredSince ?? record.created) < start
  return !wasTried && (isPending || wearsOut)
}
