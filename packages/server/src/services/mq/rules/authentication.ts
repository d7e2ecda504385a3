import { mqErrors } from '#services/mq/errors.ts'

/** AWS answers the strategy in lower case. */
export const AUTHENTICATION_STRATEGY = 'simple'

/** @throws AwsError BadRequestException unless it is SIMPLE, which is also the default */
export function checkAuthenticationStrategy(strategy: string | undefined): void {
  if (strategy === undefined || strategy.toUpperCase() === 'SIMPLE') return
  throw mqErrors.badRequest(
    `Authentication strategy [${strategy.slice(0, 100)}] is not supported by this version of Sluice. Valid values: [SIMPLE].`,
    'authenticationStrategy',
  )
}

/** @throws AwsError BadRequestException unless it is NONE, which is also the default */
export function checkDataReplicationMode(mode: string | undefined): void {
  if (mode === undefined || mode.toUpperCase() === 'NONE') return
  throw mqErrors.badRequest(
    `Data replication mode [${mode.slice(0, 100)}] is not supported by this version of Sluice. Valid values: [NONE].`,
    'dataReplicationMode',
  )
}
