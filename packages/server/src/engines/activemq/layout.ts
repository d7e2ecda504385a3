import { join } from 'node:path'
import { brokerDirectory } from '#engines/broker-directories.ts'
import type { BrokerSpec } from '#engines/broker-engine.ts'

/** Where the files of one broker instance are. */
export interface InstanceLayout {
  /** Base directory and working directory of the process. */
  readonly base: string
  readonly conf: string
  readonly data: string
  /** The message store: the instance's own, or in the broker's folder when two instances share it. */
  readonly store: string
  readonly log: string
  readonly tmp: string
  readonly keyStore: string
  readonly trustStore: string
  readonly ldapTrustStore: string
  /** Kept from run to run while it is good. */
  readonly certificate: string
}

/**
 * The same places as the broker itself is told them: seen from its working directory, because Java, Spring and Jetty each
 * have their own idea of blanks, percent signs and `${` in a path.
 */
export const RELATIVE = {
  conf: 'conf',
  data: 'data',
  log: 'log',
  tmp: 'tmp',
  keyStore: 'conf/broker.p12',
  trustStore: 'conf/trust.jks',
  ldapTrustStore: 'conf/ldap-trust.jks',
} as const

/** Two instances have one message store. */
export const sharesStore = ({ instances }: Pick<BrokerSpec, 'instances'>): boolean => instances.length > 1

/** The message store, seen from the working directory. */
export const relativeStore = (isShared: boolean): string => (isShared ? '../store' : RELATIVE.data)

/** @param isStoreShared two instances have one message store */
export function instanceLayout(
  dataDirectory: string,
  brokerId: string,
  instance: number,
  isStoreShared = false,
): InstanceLayout {
  if (!Number.isInteger(instance) || instance < 1)
    throw new Error(`${String(instance)} is no number of a broker instance`)
  const base = join(brokerDirectory(dataDirectory, brokerId), String(instance))
  return {
    base,
    conf: join(base, RELATIVE.conf),
    data: join(base, RELATIVE.data),
    log: join(base, RELATIVE.log),
    tmp: join(base, RELATIVE.tmp),
    store: join(base, relativeStore(isStoreShared)),
    keyStore: join(base, RELATIVE.keyStore),
    trustStore: join(base, RELATIVE.trustStore),
    ldapTrustStore: join(base, RELATIVE.ldapTrustStore),
    certificate: join(base, 'certificate.pem'),
  }
}
