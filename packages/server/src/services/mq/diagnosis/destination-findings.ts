import type { Call, CallContext } from '#kernel/call.ts'
import { messageOf } from '#kernel/errors.ts'
import type { BrokerLog } from '#engines/broker-engine.ts'
import type { BrokerRecord } from '#services/mq/broker-record.ts'
import type { Finding } from '#services/mq/diagnosis/finding.ts'
import { rebootBroker } from '#services/mq/diagnosis/fixes.ts'
import { streamName } from '#services/mq/log-delivery.ts'
import { MQ_PRINCIPAL } from '#services/mq/log-groups.ts'

/** Asks Logs on behalf of whoever asks us. */
export interface LogsQuestion {
  readonly call: Call
  readonly caller: CallContext
}

/** Are group and stream there now? Looked up with the permission of who asks; when that is missing, it is only said so. */
export async function destinationFindings(
  record: BrokerRecord,
  group: string,
  instance: number,
  log: BrokerLog,
  question: LogsQuestion,
): Promise<readonly Finding[]> {
  try {
    if (!(await hasGroup(group, question))) {
      return [
        {
          ok: false,
          title: `The log group ${group} does not exist any more`,
          detail:
            'Somebody deleted it. It is created again when the broker is rebooted by a caller with logs:CreateLogGroup.',
          fix: [rebootBroker(record)],
          isEnd: true,
        },
      ]
    }
    const stream = streamName(record, instance, log)
    const exists = await hasStream(group, stream, question)
    // A stream is made before the first line; why it is missing, the delivery tells.
    return [{ ok: exists, title: exists ? `The stream ${stream} exists` : `The stream ${stream} does not exist` }]
  } catch (error) {
    return [
      { ok: true, title: `Whether ${group} and its stream exist could not be looked up`, detail: messageOf(error) },
    ]
  }
}

async function hasGroup(group: string, { call, caller: ctx }: LogsQuestion): Promise<boolean> {
  const found = await call({ kind: 'caller', ctx, via: MQ_PRINCIPAL }, 'logs', 'DescribeLogGroups', {
    logGroupNamePrefix: group,
  })
  return found.logGroups?.some(({ logGroupName: name }) => name === group) ?? false
}

async function hasStream(group: string, stream: string, { call, caller: ctx }: LogsQuestion): Promise<boolean> {
  const found = await call({ kind: 'caller', ctx, via: MQ_PRINCIPAL }, 'logs', 'DescribeLogStreams', {
    logGroupName: group,
    logStreamNamePrefix: stream,
  })
  return found.logStreams?.some(({ logStreamName: name }) => name === stream) ?? false
}
