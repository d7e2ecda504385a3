import type { Clock } from '#kernel/clock.ts'
import type { TellServiceEvent } from '#kernel/service-event.ts'
import type { PageTokens } from '#kernel/page-token.ts'
import { type CheckNotes, checkNotes } from '#services/kms/access/check-notes.ts'
import { Aliases } from '#services/kms/aliases/aliases.ts'
import { Grants } from '#services/kms/grants/grants.ts'
import { type ManagedKeys, managedKeys } from '#services/kms/keys/managed.ts'
import { Keys } from '#services/kms/keys/keys.ts'
import { tellOwnEvents } from '#services/kms/keys/own-events.ts'
import { keyQuota } from '#services/kms/keys/quota.ts'
import { Targets } from '#services/kms/targets.ts'
import type { Vault } from '#services/kms/material/vault.ts'
import type { RecordStore } from '#stores/records/record-store.ts'

/** What KMS stands on. */
export interface KmsDeps {
  readonly records: RecordStore
  readonly vault: Vault
  readonly clock: Clock
  readonly tokens: PageTokens
  /** Takes what KMS does by itself, for CloudTrail. Left out: nobody is told. */
  readonly tell?: TellServiceEvent
}

/** What its operations share. */
export interface KmsParts extends KmsDeps {
  readonly keys: Keys
  readonly aliases: Aliases
  readonly grants: Grants
  readonly managed: ManagedKeys
  readonly targets: Targets
  readonly notes: CheckNotes
}

export function kmsParts(deps: KmsDeps): KmsParts {
  const { records } = deps
  const { tell = async () => {} } = deps
  // One after the other, so that nothing is told twice. What cannot be told stays to be told, and no call fails for it.
  let last: Promise<void> = Promise.resolve()
  const tellAll = (): Promise<void> => (last = last.then(() => tellOwnEvents(records, tell)).catch(() => {}))
  const keys = new Keys({ ...deps, quota: keyQuota(records), tellOwnEvents: tellAll })
  const aliases = new Aliases(records)
  const managed = managedKeys({ ...deps, keys, aliases })
  const targets = new Targets({ ...deps, keys, aliases, managed })
  return { ...deps, keys, aliases, grants: new Grants(records), managed, targets, notes: checkNotes() }
}
