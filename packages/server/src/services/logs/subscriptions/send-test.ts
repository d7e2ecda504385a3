import type { CallContext } from '#kernel/call.ts'
import { controlMessage } from '#services/logs/subscriptions/payload.ts'
import {
  type SubscriptionRoute,
  type SubscriptionTargets,
  type Vendor,
  parseTargetArn,
  undelivered,
} from '#services/logs/subscriptions/target.ts'

/**
 * Sends the message that comes before any event.
 * @param named what the request named: the target itself, or a destination that stands for it
 * @throws AwsError InvalidParameterException, in AWS's words, when it does not arrive
 */
export async function sendTest(
  targets: SubscriptionTargets,
  named: Vendor,
  route: Omit<SubscriptionRoute, 'sourceAccount' | 'region'>,
  ctx: CallContext,
): Promise<void> {
  const { vendor } = parseTargetArn(route.destinationArn)
  const target = targets.get(vendor)
  if (target === undefined) throw undelivered(named)
  const message = controlMessage(vendor === 'firehose' ? 'Firehose' : 'Kinesis', ctx.now)
  try {
    await target.send({ ...route, sourceAccount: ctx.account, region: ctx.region }, message)
  } catch {
    throw undelivered(named)
  }
}
