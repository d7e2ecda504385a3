import type { BrokerScope, ConfigurationRef } from '#services/mq/broker-record.ts'
import { type ConfigurationStore, idOf } from '#services/mq/configuration/configuration-store.ts'
import type { ConfigurationRecord } from '#services/mq/configuration/configuration-record.ts'
import { mqErrors } from '#services/mq/errors.ts'
import { CONFIGURATION_NAME, MAX_DESCRIPTION_CHARACTERS } from '#services/mq/limits.ts'
import type { AuthenticationStrategy } from '#services/mq/rules/authentication.ts'

/** @throws AwsError BadRequestException */
export function checkConfigurationName(name: string): string {
  if (CONFIGURATION_NAME.test(name)) return name
  throw mqErrors.badRequest(
    `Configuration name [${name.slice(0, 150)}] is invalid. Use 1 to 150 letters, numbers, dashes, periods, underscores, and tildes (- . _ ~).`,
    'name',
  )
}

/** @throws AwsError BadRequestException */
export function checkDescription(description: string | undefined): string | undefined {
  if (description === undefined || description.length <= MAX_DESCRIPTION_CHARACTERS) return description
  throw mqErrors.badRequest(
    `A description can have at most ${String(MAX_DESCRIPTION_CHARACTERS)} characters.`,
    'description',
  )
}

/**
 * The revision that a request means; the newest one when it names none.
 * @param strategy of the broker that is to have it
 * @throws AwsError BadRequestException when there is no such configuration or revision, or it is for another strategy
 */
export async function chooseConfiguration(
  wanted: { readonly Id: string; readonly Revision?: number | undefined },
  scope: BrokerScope,
  store: ConfigurationStore,
  strategy: AuthenticationStrategy,
): Promise<ConfigurationRef> {
  const record = await store.get(idOf(scope, { id: wanted.Id, revision: 0 }))
  const id = wanted.Id.slice(0, 100)
  if (record === undefined) {
    throw mqErrors.badRequest(
      `Can't find requested configuration [${id}]. Make sure your configuration exists.`,
      'configuration',
    )
  }
  const revision = wanted.Revision ?? record.latest.revision
  if (!Number.isInteger(revision) || revision < 1 || revision > record.latest.revision) {
    throw mqErrors.badRequest(
      `Can't find requested revision [${String(revision)}] of configuration [${id}]. Make sure your revision exists.`,
      'configuration',
    )
  }
  checkStrategy(record, strategy)
  return { id: wanted.Id, revision }
}

/**
 * A configuration for LDAP may take permissions from a directory; a broker without one cannot start with that.
 * @throws AwsError BadRequestException
 */
export function checkStrategy(
  { name, authenticationStrategy }: ConfigurationRecord,
  strategy: AuthenticationStrategy,
): void {
  if (authenticationStrategy === undefined || strategy === 'ldap') return
  throw mqErrors.badRequest(
    `Configuration [${name}] has authentication strategy [LDAP], but the broker's is [SIMPLE]. Use a configuration with authentication strategy [SIMPLE].`,
    'configuration',
  )
}
