import { type Identified, type RequestHead, readInput } from '@sluice/wire'
import { corpus } from '../lib/corpus.ts'
import { type Row, type Scenario, ratio } from '../lib/scenario.ts'

const ROUNDS = 150
/** Long enough for the clock, short enough that some rounds are not interrupted. */
const MILLIS_A_ROUND = 2
const OPERATION: Identified = { protocol: 'aws-json-1.1', service: 'logs', operation: 'PutLogEvents' }
const HEAD: RequestHead = { method: 'POST', rawUrl: '/', headers: { 'content-type': 'application/x-amz-json-1.1' } }

export const readPutLogEvents: Scenario = {
  name: 'read-put-log-events',
  what: 'reading and checking a PutLogEvents body against JSON.parse of it',
  run: () => Promise.resolve([1, 100, 10_000].map(measure)),
}

/** Both are measured by turns, and the best round of each counts: what disturbs them only adds. */
function measure(events: number): Row {
  const body = bodyOf(events)
  const parse = (): unknown => JSON.parse(body.toString())
  const read = (): unknown => readInput(OPERATION, HEAD, body)
  const calls = Math.max(1, Math.round(MILLIS_A_ROUND / millisOf(parse, 20)))
  let parsing = Infinity
  let reading = Infinity
  for (let round = 0; round < ROUNDS; round++) {
    parsing = Math.min(parsing, millisOf(parse, calls))
    reading = Math.min(reading, millisOf(read, calls))
  }
  const micros = ((reading - parsing) * 1_000).toFixed(1)
  return {
    what: `${String(events)} × 212 B, ${micros} µs more`,
    value: ratio(reading / parsing),
    goal: 'goal ≤ 1.5',
  }
}

function bodyOf(events: number): Buffer {
  const logEvents = corpus(events).map((message, index) => ({ timestamp: 1_780_000_000_000 + index * 37, message }))
  return Buffer.from(
    JSON.stringify({ logGroupName: '/aws/amazonmq/broker/b-1/general', logStreamName: 'b-1-general.log', logEvents }),
  )
}

/** Of one call. */
function millisOf(call: () => unknown, calls: number): number {
  const from = performance.now()
  for (let index = 0; index < calls; index++) call()
  return (performance.now() - from) / calls
}
