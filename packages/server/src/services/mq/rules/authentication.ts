import { mqErrors } from '#services/mq/errors.ts'

/** AWS answers the strategies in lower case; in requests case does not matter. */
export type AuthenticationStrategy = 'simple' | 'ldap'

/**
 * The strategy that is asked for; `undefined`: none is named.
 * @throws AwsError BadRequestException unless it is one of ActiveMQ's
 */
export function checkAuthenticationStrategy(strategy: string | undefined): AuthenticationStrategy | undefined {
  if (strategy === undefined) return undefined
  const wanted = strategy.toLowerCase()
  if (wanted === 'simple' || wanted === 'ldap') return wanted
  throw mqErrors.badRequest(
    `Authentication strategy [${strategy.slice(0, 100)}] is invalid for broker engine type [ACTIVEMQ]. Valid values: [SIMPLE, LDAP].`,
    'authenticationStrategy',
  )
}

/** How the clients of a broker with these settings log in. */
export const strategyOf = ({ ldap }: { readonly ldap?: object | undefined }): AuthenticationStrategy =>
  ldap === undefined ? 'simple' : 'ldap'

/** @throws AwsError BadRequestException unless it is NONE, which is also the default */
export function checkDataReplicationMode(mode: string | undefined): void {
  if (mode === undefined || mode.toUpperCase() === 'NONE') return
  throw mqErrors.badRequest(
    `Data replication mode [${mode.slice(0, 100)}] is not supported by this version of Sluice. Valid values: [NONE].`,
    'dataReplicationMode',
  )
}
