import { mqErrors } from '#services/mq/errors.ts'
import { BROKER_NAME, MAX_CREATOR_REQUEST_ID_CHARACTERS } from '#services/mq/limits.ts'

/** @throws AwsError BadRequestException */
export function checkBrokerName(name: string): string {
  if (BROKER_NAME.test(name)) return name
  throw mqErrors.badRequest(
    `Broker name [${name.slice(0, 100)}] is invalid. Use 1 to 50 letters, numbers, dashes, and underscores.`,
    'brokerName',
  )
}

/** @throws AwsError BadRequestException */
export function checkCreatorRequestId(id: string | undefined): string | undefined {
  if (id === undefined || id === '') return undefined
  if (id.length <= MAX_CREATOR_REQUEST_ID_CHARACTERS) return id
  throw mqErrors.badRequest(
    `The creator request ID must have at most ${String(MAX_CREATOR_REQUEST_ID_CHARACTERS)} characters.`,
    'creatorRequestId',
  )
}
