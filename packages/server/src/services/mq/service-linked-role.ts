import type { CallAs, CallContext } from '#kernel/call.ts'
import { AwsError } from '#kernel/errors.ts'
import { type BrokerRef, brokerArn, logGroupName } from '#services/mq/broker-record.ts'
import { MQ_PRINCIPAL } from '#services/mq/log-groups.ts'

const ROLE = 'aws-service-role/mq.amazonaws.com/AWSServiceRoleForAmazonMQ'

/** Acts for a broker as the role with which Amazon MQ writes the logs of RabbitMQ. */
export const asServiceLinkedRole = (
  { account, region }: Pick<BrokerRef, 'account' | 'region'>,
  sourceArn: string,
): Extract<CallAs, { kind: 'role' }> => ({
  kind: 'role',
  roleArn: `arn:aws:iam::${account}:role/${ROLE}`,
  sessionName: 'AmazonMQ',
  service: MQ_PRINCIPAL,
  sourceArn,
  sourceAccount: account,
  region,
})

/**
 * Makes the role in the account of the first broker that needs it, as the caller, who needs
 * `iam:CreateServiceLinkedRole` then, and never again.
 * @throws AwsError what IAM refuses
 */
export async function ensureServiceLinkedRole(
  broker: BrokerRef & { readonly brokerName: string },
  ctx: CallContext,
): Promise<void> {
  try {
    // Of what the role may ask, this is about one group, and says only after its permission that there is none yet.
    await ctx.call(asServiceLinkedRole(broker, brokerArn(broker, broker.brokerName)), 'logs', 'DescribeLogStreams', {
      logGroupName: logGroupName(broker.brokerId, 'general'),
      limit: 1,
    })
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    if (error.code === 'ResourceNotFoundException') return
    const as = { kind: 'caller', ctx, via: MQ_PRINCIPAL } as const
    await ctx.call(as, 'iam', 'CreateServiceLinkedRole', { AWSServiceName: MQ_PRINCIPAL })
  }
}
