import { appendEvents } from '#delivery/sources/log-files/append.ts'
import type { BrokerLogFiles } from '#engines/broker-engine.ts'
import type { EpochMillis } from '#kernel/ids.ts'

/** Where lines about the flow of messages go to be delivered. */
export interface FlowLog {
  write(files: BrokerLogFiles, lines: readonly string[], at: EpochMillis): Promise<void>
}

/** Lines join the log files of their broker, so that they are delivered as exactly as its own, and go with it. */
export const FLOW_LOG: FlowLog = { write: appendEvents }
