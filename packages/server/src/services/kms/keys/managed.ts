import type { EpochMillis } from '#kernel/ids.ts'
import type { Aliases } from '#services/kms/aliases/aliases.ts'
import type { Named } from '#services/kms/arns.ts'
import type { Keys } from '#services/kms/keys/keys.ts'
import { type NewKey, newKey } from '#services/kms/keys/new-key.ts'
import { nextRotation } from '#services/kms/keys/due.ts'
import { ROTATION_DAYS } from '#services/kms/limits.ts'
import type { Vault } from '#services/kms/material/vault.ts'
import { managedKeyPolicy } from '#services/kms/policies/default-policy.ts'
import type { Caller, KmsPlace } from '#services/kms/types.ts'
import { RevisionConflict } from '#stores/records/record-store.ts'

/** What the keys of services protect, as their descriptions say. */
const SERVICES: Readonly<Record<string, string>> = {
  es: 'my Elasticsearch domains',
  firehose: 'my Firehose delivery streams',
  kafka: 'my MSK clusters',
  logs: 'my log groups',
  mq: 'my Amazon MQ brokers',
  s3: 'my S3 objects',
  secretsmanager: 'my Secrets Manager secrets',
  sns: 'my SNS topics',
}

/** The keys of services, `alias/aws/<service>`: made when they are first needed, and allowed. */
export interface ManagedKeys {
  /**
   * The key that would stand for an alias nobody has made so far: when the service itself comes, by itself or for a
   * caller, or when somebody of the account describes it. Nothing is stored.
   */
  prospect(named: Named, caller: Caller, operation: string, now: EpochMillis): Promise<NewKey | undefined>
  /** Stores it with its alias; the id of the key that came first when another call was quicker. */
  make(place: KmsPlace, alias: string, key: NewKey): Promise<string>
}

export function managedKeys(deps: {
  readonly keys: Keys
  readonly aliases: Aliases
  readonly vault: Vault
}): ManagedKeys {
  return {
    async prospect({ place, name }, caller, operation, now) {
      const service = /^alias\/aws\/(.+)$/.exec(name)?.[1]
      const protects = service !== undefined && Object.hasOwn(SERVICES, service) ? SERVICES[service] : undefined
      if (service === undefined || protects === undefined || place.account !== caller.account) return undefined
      if (operation !== 'DescribeKey' && serviceOf(caller) !== `${service}.amazonaws.com`) return undefined
      return newKey(deps.vault, place, now, {
        description: `Default key that protects ${protects} when no other key is defined`,
        manager: 'AWS',
        policy: managedKeyPolicy(place, service),
        rotation: { days: ROTATION_DAYS, next: nextRotation(now, ROTATION_DAYS) },
      })
    },
    async make(place, alias, { keyId, record, material }) {
      try {
        const also = [...material, ...deps.aliases.creation(place, alias, keyId, record.createdAt)]
        await deps.keys.create(place, keyId, record, also)
        return keyId
      } catch (error) {
        const earlier = error instanceof RevisionConflict ? await deps.aliases.find(place, alias) : undefined
        if (earlier === undefined) throw error
        return earlier.keyId
      }
    },
  }
}

const serviceOf = ({ principal, calledVia = [] }: Caller): string | undefined =>
  principal.kind === 'service' ? principal.service : calledVia.at(-1)
