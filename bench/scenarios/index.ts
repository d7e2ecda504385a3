import type { Scenario } from '../lib/scenario.ts'
import { alarms } from './alarms.ts'
import { authorization } from './authorization.ts'
import { brokerFlood } from './broker-flood.ts'
import { brokerLine } from './broker-line.ts'
import { createBroker } from './create-broker.ts'
import { decisions } from './decisions.ts'
import { failover } from './failover.ts'
import { lookupEvents } from './lookup-events.ts'
import { metricFilters } from './metric-filters.ts'
import { objects } from './objects.ts'
import { filterLogEvents } from './filter-log-events.ts'
import { getLogEvents } from './get-log-events.ts'
import { liveTail } from './live-tail.ts'
import { memory } from './memory.ts'
import { putLogEvents } from './put-log-events.ts'
import { readPutLogEvents } from './read-put-log-events.ts'
import { recording } from './recording.ts'
import { smallBatches } from './small-batches.ts'
import { smallCall } from './small-call.ts'
import { start } from './start.ts'
import { storedBytes } from './stored-bytes.ts'
import { threeBrokers } from './three-brokers.ts'
import { wire } from './wire.ts'

/** Every scenario; docs/performance.md shows their last results. */
export const SCENARIOS: readonly Scenario[] = [
  wire,
  putLogEvents,
  metricFilters,
  alarms,
  smallBatches,
  smallCall,
  objects,
  recording,
  lookupEvents,
  readPutLogEvents,
  authorization,
  decisions,
  storedBytes,
  getLogEvents,
  filterLogEvents,
  liveTail,
  memory,
  start,
  createBroker,
  brokerLine,
  brokerFlood,
  failover,
  threeBrokers,
]
