import type { Call } from '#kernel/call.ts'
import type { EpochMillis } from '#kernel/ids.ts'
import type { Latest } from '#services/cloudtrail/delivery/delivery-state.ts'
import { codeOf } from '#services/cloudtrail/delivery/code-of.ts'
import { publish } from '#services/cloudtrail/destinations/check-topic.ts'
import type { Trail } from '#services/cloudtrail/trails/trail.ts'

/**
 * Tells a trail's topic which files are there. It is tried once for each delivery: the files are delivered, whatever
 * becomes of it.
 * @returns how it went; `undefined`: the trail has no topic
 * @source CloudTrail user guide, "Configuring Amazon SNS notifications": the message
 */
export async function notify(
  call: Call,
  trail: Trail,
  keys: readonly string[],
  before: Latest | undefined,
  { now, signal }: { readonly now: EpochMillis; readonly signal: AbortSignal },
): Promise<Latest | undefined> {
  if (trail.topic === undefined) return before
  try {
    const message = JSON.stringify({ s3Bucket: trail.bucket, s3ObjectKey: keys })
    await publish(call, trail, trail.topic.arn, message, signal)
    return { deliveredAt: now, triedAt: now }
  } catch (error) {
    signal.throwIfAborted()
    return { ...before, triedAt: now, error: codeOf(error) }
  }
}
