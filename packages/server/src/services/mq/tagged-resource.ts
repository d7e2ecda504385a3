import type { BrokerScope } from '#services/mq/broker-record.ts'
import type { BrokerStore } from '#services/mq/broker-store.ts'
import type { ConfigurationStore } from '#services/mq/configuration/configuration-store.ts'

type Tags = Readonly<Record<string, string>>

/** A broker or a configuration, as far as tags are concerned. */
export interface TaggedResource {
  readonly tags: Tags
  /** Applies `edit` to the newest tags; `undefined` when the resource is gone. */
  change(edit: (tags: Tags) => Tags): Promise<object | undefined>
}

export interface TaggedStores {
  readonly store: BrokerStore
  readonly configurations: ConfigurationStore
}

const ARN = /^arn:aws:mq:[a-z0-9-]+:\d{12}:(?:broker:[^:]+:([^:]+)|configuration:([^:]+))$/

/** The kind and id of the resource that an ARN of Amazon MQ names; `undefined`: it names none. */
export function parseResourceArn(
  arn: string,
): { readonly kind: 'broker' | 'configuration'; readonly id: string } | undefined {
  const [, brokerId, configurationId] = ARN.exec(arn) ?? []
  if (brokerId !== undefined) return { kind: 'broker', id: brokerId }
  return configurationId === undefined ? undefined : { kind: 'configuration', id: configurationId }
}

/**
 * The resource that an ARN names in full: a right id behind a foreign name, account or region finds nothing, or an ARN that
 * a policy allows could stand for a resource that it does not.
 */
export async function resourceByArn(
  arn: string,
  { account, region }: BrokerScope,
  { store, configurations }: TaggedStores,
): Promise<TaggedResource | undefined> {
  const parsed = parseResourceArn(arn)
  if (parsed === undefined) return undefined
  if (parsed.kind === 'broker') {
    const broker = await store.get({ account, region, brokerId: parsed.id })
    if (broker?.brokerArn !== arn) return undefined
    return {
      tags: broker.tags,
      change: (edit) => store.change(broker, (record) => ({ ...record, tags: edit(record.tags) })),
    }
  }
  const configuration = await configurations.get({ account, region, configurationId: parsed.id })
  if (configuration?.arn !== arn) return undefined
  return {
    tags: configuration.tags,
    change: (edit) => configurations.change(configuration, (record) => ({ ...record, tags: edit(record.tags) })),
  }
}
