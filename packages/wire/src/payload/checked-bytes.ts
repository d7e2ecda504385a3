import { digestsHere } from './body-digests.ts'
import { ContentChecks } from './content-checks.ts'
import type { PayloadPlan } from './plan.ts'

/**
 * A body that is held as a whole, once it is found to be what its request declares. Framed bodies are for
 * `payloadStream` alone.
 * @throws WireError in S3's words when it is not
 */
export async function checkedBytes(plan: PayloadPlan, body: Uint8Array): Promise<Uint8Array> {
  if (plan.framing !== undefined) throw new Error('A framed body is read as a stream.')
  const checks = new ContentChecks(plan, digestsHere)
  checks.count(body)
  await checks.digest([body], undefined)
  await checks.end()
  return body
}
