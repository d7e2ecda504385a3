import type { Tag } from '#kernel/principal.ts'
import { type AlarmPlace, parseAlarmArn } from '#services/cloudwatch/alarms/alarm.ts'
import { cloudwatchErrors } from '#services/cloudwatch/errors.ts'
import { MAX_TAGS } from '#services/cloudwatch/limits.ts'

const ARN = /^arn:aws:cloudwatch:/
const CHARACTERS = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u

/**
 * Tags after `added` has replaced or joined what there is.
 * @throws AwsError InvalidParameterValue for doubled, reserved or unreadable tags, and for too many
 */
export function mergedTags(existing: readonly Tag[], added: readonly Tag[]): readonly Tag[] {
  for (const { Key, Value } of added) {
    if (Key.toLowerCase().startsWith('aws:')) throw cloudwatchErrors.invalidValue('Tag keys cannot begin with aws:')
    if (!CHARACTERS.test(Key) || !CHARACTERS.test(Value))
      throw cloudwatchErrors.invalidValue(`The tag ${Key} holds characters that tags cannot have.`)
  }
  const keys = new Set(added.map(({ Key }) => Key))
  if (keys.size !== added.length)
    throw cloudwatchErrors.invalidValue('The request has the same tag key more than once.')
  const merged = [...existing.filter(({ Key }) => !keys.has(Key)), ...added.map(({ Key, Value }) => ({ Key, Value }))]
  if (merged.length > MAX_TAGS) throw cloudwatchErrors.tooMany('Tags', MAX_TAGS)
  return merged
}

/**
 * The name of the alarm that an ARN means. Nothing else of CloudWatch that has tags can be made here.
 * @throws AwsError InvalidParameterValue for what is no ARN of CloudWatch, ResourceNotFoundException for what is not here
 */
export function taggedAlarm(arn: string, place: AlarmPlace): string {
  if (!ARN.test(arn)) throw cloudwatchErrors.badValue('ResourceARN', arn)
  const found = parseAlarmArn(arn)
  if (found === undefined || found.place.account !== place.account || found.place.region !== place.region)
    throw cloudwatchErrors.taggedNotFound(arn)
  return found.name
}
