import type { BrokerRecord } from '#services/mq/broker-record.ts'

/**
 * Brokers whose record says RUNNING although this life of the platform has not seen their process yet: after a restart
 * the record speaks of the past until the process is taken over or started again. In memory, since it is about now.
 */
export class UnseenBrokers {
  readonly #ids = new Set<string>()

  expect(brokerId: string): void {
    this.#ids.add(brokerId)
  }

  seen(brokerId: string): void {
    this.#ids.delete(brokerId)
  }

  /** The record with the state that is true now: a broker that is being started again is rebooting, as AWS would say. */
  asItIs(record: BrokerRecord): BrokerRecord {
    return record.state === 'RUNNING' && this.#ids.has(record.brokerId)
      ? { ...record, state: 'REBOOT_IN_PROGRESS' }
      : record
  }
}
