import { messageOf } from '#kernel/errors.ts'
import type { BrokerKeys } from '#services/mq/broker-keys.ts'
import type { BrokerRecord } from '#services/mq/broker-record.ts'
import { type Finding, lines } from '#services/mq/diagnosis/finding.ts'
import type { EngineOf } from '#services/mq/reconciler/step.ts'
import { openedLdap } from '#services/mq/stored-ldap.ts'

interface DirectoryDeps {
  readonly engineOf: EngineOf
  readonly keys: BrokerKeys
}

/** Whether the directory that a broker takes its clients from can serve it, asked now; empty for other brokers. */
export async function directoryFindings(
  record: BrokerRecord,
  { engineOf, keys }: DirectoryDeps,
): Promise<readonly Finding[]> {
  const { ldap } = record.applied ?? record.desired
  if (ldap === undefined) return []
  const trouble = await keys
    .sealer(record)
    .then((sealer) => engineOf(record).checkLdap(openedLdap(ldap, record.brokerId, sealer)))
    .then((fault) => fault?.reason, messageOf)
  const servers = ldap.hosts.join(', ')
  return trouble === undefined
    ? [{ ok: true, title: 'Its LDAP servers answer', detail: servers }]
    : [{ ok: false, title: 'Its LDAP servers cannot serve it', detail: lines(servers, trouble) }]
}
