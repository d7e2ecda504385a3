import type { Call } from '#kernel/call.ts'
import { messageOf } from '#kernel/errors.ts'
import { accountId, region as regionOf } from '#kernel/ids.ts'
import type { ServicePrincipal } from '#kernel/principal.ts'
import { type ActionKind, actionKind } from '#services/cloudwatch/alarms/action-arn.ts'
import { type Alarm, type StateChange, alarmArn } from '#services/cloudwatch/alarms/alarm.ts'
import { snsMessage } from '#services/cloudwatch/alarms/sns-message.ts'

const CLOUDWATCH: ServicePrincipal = 'cloudwatch.amazonaws.com'
/** Longest subject of a message. @source SNS API reference, Publish: 100 characters */
const MAX_SUBJECT_CHARS = 99

/** How AWS calls the services that actions go to. */
const SERVICES: Readonly<Record<ActionKind, string>> = {
  sns: 'Amazon SNS',
  lambda: 'AWS Lambda',
  automate: 'Amazon EC2',
  autoscaling: 'EC2 Auto Scaling',
  ssm: 'Systems Manager OpsCenter',
  'ssm-incidents': 'Systems Manager Incident Manager',
  swf: 'Amazon Simple Workflow',
  aiops: 'CloudWatch investigations',
}

/** The actions that an alarm takes when it goes into a state. */
export function actionsOf({ settings }: Alarm, { to }: StateChange): readonly string[] {
  if (!settings.ActionsEnabled) return []
  const { AlarmActions, OKActions, InsufficientDataActions } = settings
  return { ALARM: AlarmActions, OK: OKActions, INSUFFICIENT_DATA: InsufficientDataActions }[to.value]
}

/** How actions are taken. */
export interface ActionWays {
  readonly call: Call
  /** Services that this version has not; what would go to them is not tried. */
  readonly absent: ReadonlySet<string>
}

/**
 * Takes one action of an alarm that went into another state.
 * @returns why it could not be taken; `undefined`: it was
 */
export async function takeAction(
  { call, absent }: ActionWays,
  action: string,
  alarm: Alarm,
  change: StateChange,
): Promise<string | undefined> {
  const kind = actionKind(action)
  if (kind === undefined) return 'The action is none that CloudWatch knows.'
  if (kind !== 'sns' || absent.has(kind))
    return `${SERVICES[kind]} is no service of this platform, so nothing was done.`
  const { place, name } = alarm
  const region = regionOf(place.region)
  try {
    await call(
      {
        kind: 'service',
        service: CLOUDWATCH,
        sourceArn: alarmArn(place, name),
        sourceAccount: accountId(place.account),
        region,
      },
      'sns',
      'Publish',
      {
        TopicArn: action,
        Subject: `${change.to.value}: "${name}" in ${place.region}`.slice(0, MAX_SUBJECT_CHARS),
        Message: snsMessage(alarm, change),
      },
    )
    return undefined
  } catch (error) {
    return messageOf(error)
  }
}
