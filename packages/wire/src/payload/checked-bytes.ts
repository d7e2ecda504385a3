import { ContentChecks } from './content-checks.ts'
import type { PayloadPlan } from './plan.ts'

/**
 * A body that is held as a whole, once it is found to be what its request declares. Framed bodies are for
 * `payloadStream` alone.
 * @throws WireError in S3's words when it is not
 */
export function checkedBytes(plan: PayloadPlan, body: Uint8Array): Uint8Array {
  if (plan.framing !== undefined) throw new Error('A framed body is read as a stream.')
  const checks = new ContentChecks(plan)
  checks.take(body)
  checks.end()
  return body
}
