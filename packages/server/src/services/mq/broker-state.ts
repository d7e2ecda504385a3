import type { EpochMillis } from '#kernel/ids.ts'
import type { BrokerProblem, BrokerRecord, BrokerState } from '#services/mq/broker-record.ts'

/** States in which a broker takes a reboot or new settings. */
export const STEADY: readonly BrokerState[] = ['RUNNING', 'CRITICAL_ACTION_REQUIRED']

/** A reason is for people; whatever an engine throws, a record stays small. */
const MAX_REASON_CHARACTERS = 2_000

/** The record in another state; a problem is kept unless it is replaced. */
export const inState = (
  record: BrokerRecord,
  state: BrokerState,
  at: EpochMillis,
  problem?: Omit<BrokerProblem, 'at'>,
): BrokerRecord => ({
  ...record,
  state,
  stateSince: at,
  ...(problem === undefined
    ? {}
    : { problem: { kind: problem.kind, reason: problem.reason.slice(0, MAX_REASON_CHARACTERS), at } }),
})

/** The record without its problem. */
export function healed({ problem: _solved, ...record }: BrokerRecord): BrokerRecord {
  return record
}
