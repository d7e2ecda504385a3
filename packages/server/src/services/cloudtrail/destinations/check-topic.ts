import type { Call } from '#kernel/call.ts'
import { AwsError } from '#kernel/errors.ts'
import { asTrail } from '#services/cloudtrail/destinations/acting-as.ts'
import { cloudtrailErrors } from '#services/cloudtrail/errors.ts'
import { MAX_TOPIC_NAME } from '#services/cloudtrail/limits.ts'
import type { Trail } from '#services/cloudtrail/trails/trail.ts'

type Owner = Pick<Trail, 'account' | 'home' | 'arn'>

const TOPIC_NAME = /^[\w-]+$/
const TOPIC_ARN = /^arn:aws:sns:[a-z\d-]+:\d{12}:([\w-]+)$/

/**
 * The ARN of a topic that a trail names by its ARN, or by its name in the trail's own account and home region.
 * @throws AwsError InvalidSnsTopicNameException
 */
export function topicArnOf(nameOrArn: string, { account, home }: Owner): string {
  const isArn = nameOrArn.startsWith('arn:')
  const name = isArn ? (TOPIC_ARN.exec(nameOrArn)?.[1] ?? '') : nameOrArn
  if (!TOPIC_NAME.test(name) || name.length > MAX_TOPIC_NAME) throw cloudtrailErrors.topicName(nameOrArn)
  return isArn ? nameOrArn : `arn:aws:sns:${home}:${account}:${name}`
}

/**
 * Tells the topic, as CloudTrail and for this trail, what every delivery will: so its policy decides.
 * @throws AwsError InsufficientSnsTopicPolicyException, also when there is no such topic
 */
export async function checkTopic(call: Call, owner: Owner, topicArn: string): Promise<void> {
  try {
    await publish(call, owner, topicArn, 'CloudTrail validation message.')
  } catch (error) {
    throw error instanceof AwsError ? cloudtrailErrors.topicPolicy() : error
  }
}

/** @throws AwsError what SNS answers a stranger */
export async function publish(
  call: Call,
  owner: Owner,
  topicArn: string,
  message: string,
  signal?: AbortSignal,
): Promise<void> {
  const options = signal === undefined ? {} : { signal }
  await call(asTrail(owner), 'sns', 'Publish', { TopicArn: topicArn, Message: message }, options)
}
