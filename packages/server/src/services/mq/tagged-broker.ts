import type { BrokerRecord, BrokerScope } from '#services/mq/broker-record.ts'
import type { BrokerStore } from '#services/mq/broker-store.ts'

const BROKER_ARN = /^arn:aws:mq:([a-z0-9-]+):(\d{12}):broker:([^:]+):([^:]+)$/

/** The parts of a broker's ARN that a look-up needs. */
export interface ParsedBrokerArn {
  readonly region: string
  readonly account: string
  readonly brokerId: string
}

/** `undefined`: the text is no broker ARN. */
export function parseBrokerArn(arn: string): ParsedBrokerArn | undefined {
  const [, region, account, , brokerId] = BROKER_ARN.exec(arn) ?? []
  return region === undefined || account === undefined || brokerId === undefined
    ? undefined
    : { region, account, brokerId }
}

/**
 * The broker that an ARN names in full: a right id behind a foreign name, account or region finds nothing, or an ARN that
 * a policy allows could stand for a broker that it does not.
 */
export async function brokerByArn(
  arn: string,
  { account, region }: BrokerScope,
  store: BrokerStore,
): Promise<BrokerRecord | undefined> {
  const parsed = parseBrokerArn(arn)
  if (parsed === undefined || parsed.account !== account || parsed.region !== region) return undefined
  const record = await store.get({ account, region, brokerId: parsed.brokerId })
  return record?.brokerArn === arn ? record : undefined
}
