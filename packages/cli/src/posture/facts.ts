import { PlatformError, type PlatformClient } from '#cli/platform-client.ts'

/** A broker as DescribeBroker answers it, as far as the checks look at it. */
export interface BrokerFacts {
  readonly brokerId: string
  readonly brokerName: string
  readonly brokerArn: string
  /** `ActiveMQ` or `RabbitMQ`. */
  readonly engineType: string
  readonly engineVersion: string
  readonly deploymentMode?: string
  readonly publiclyAccessible: boolean
  readonly autoMinorVersionUpgrade: boolean
  readonly users?: readonly { readonly username: string; readonly pendingChange?: string }[]
  readonly logs: {
    readonly general?: boolean
    readonly audit?: boolean
    readonly generalLogGroup: string
    readonly auditLogGroup?: string
    readonly pending?: { readonly general?: boolean; readonly audit?: boolean }
  }
}

/** A log group; `retentionInDays` is missing while its events never expire. */
export interface GroupFacts {
  readonly logGroupName: string
  readonly retentionInDays?: number
}

/** That an alarm watches a metric; one on several is there with each of them. */
export interface AlarmFacts {
  readonly namespace: string | undefined
  readonly metricName: string | undefined
  /** e.g. `GreaterThanThreshold`. */
  readonly comparison: string | undefined
  readonly dimensions: readonly { readonly name: string; readonly value: string }[]
}

/** A metric filter of a log group. */
export interface FilterFacts {
  readonly filterPattern: string
  readonly metricName: string
  readonly metricNamespace: string
}

/** A resource policy of CloudWatch Logs. */
export interface PolicyFacts {
  readonly policyName: string
  readonly policyDocument: string
}

/** What the caller may see of its brokers in a region. */
export interface Facts {
  readonly region: string
  readonly brokers: readonly BrokerFacts[]
  /** By broker id; missing: they could not be read. */
  readonly groups: ReadonlyMap<string, readonly GroupFacts[]>
  /** Of the general log, by broker id; missing: they could not be read. */
  readonly filters: ReadonlyMap<string, readonly FilterFacts[]>
  /** `undefined`: they could not be read. */
  readonly alarms: readonly AlarmFacts[] | undefined
  readonly policies: readonly PolicyFacts[] | undefined
  /** What could not be read, and why, in sentences. */
  readonly unread: readonly string[]
}

/**
 * Reads everything through the AWS APIs, as the caller. What it may not see, or what is not built, is left out and said.
 * @throws PlatformError when it may not even list the brokers
 */
export async function readFacts(client: PlatformClient, region: string): Promise<Facts> {
  const unread: string[] = []
  const tried = async <T>(what: string, read: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await read()
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error
      unread.push(`${what}: ${error.message}`)
      return undefined
    }
  }
  const brokers: BrokerFacts[] = []
  const groups = new Map<string, readonly GroupFacts[]>()
  const filters = new Map<string, readonly FilterFacts[]>()
  for (const { brokerId, brokerName } of await summaries(client)) {
    const broker = await tried(brokerName, () => client.rest<BrokerFacts>('GET', `/v1/brokers/${brokerId}`))
    if (broker === undefined) continue
    brokers.push(broker)
    const found = await tried(`the log groups of ${brokerName}`, () => groupsOf(client, brokerId))
    if (found === undefined) continue
    groups.set(brokerId, found)
    const { generalLogGroup } = broker.logs
    if (!found.some(({ logGroupName }) => logGroupName === generalLogGroup)) continue
    const made = await tried(`the metric filters of ${brokerName}`, () => metricFilters(client, generalLogGroup))
    if (made !== undefined) filters.set(brokerId, made)
  }
  const policies = await tried('resource policies of CloudWatch Logs', () => resourcePolicies(client))
  const alarms = await tried('alarms', () => metricAlarms(client))
  return { region, brokers, groups, filters, alarms, policies, unread }
}

interface Summary {
  readonly brokerId: string
  readonly brokerName: string
}

async function summaries(client: PlatformClient): Promise<readonly Summary[]> {
  return everyPage(async (token) => {
    const query = token === undefined ? '' : `&nextToken=${encodeURIComponent(token)}`
    const page = await client.rest<{ readonly brokerSummaries?: readonly Summary[]; readonly nextToken?: string }>(
      'GET',
      `/v1/brokers?maxResults=100${query}`,
    )
    return { items: page.brokerSummaries ?? [], next: page.nextToken }
  })
}

const groupsOf = (client: PlatformClient, brokerId: string): Promise<readonly GroupFacts[]> =>
  everyPage(async (nextToken) => {
    const input = { logGroupNamePrefix: `/aws/amazonmq/broker/${brokerId}/`, nextToken }
    const page = await client.json<{ readonly logGroups?: readonly GroupFacts[]; readonly nextToken?: string }>(
      'logs',
      'DescribeLogGroups',
      input,
    )
    return { items: page.logGroups ?? [], next: page.nextToken }
  })

interface WireFilter {
  readonly filterPattern?: string
  readonly metricTransformations?: readonly Omit<FilterFacts, 'filterPattern'>[]
}

const metricFilters = (client: PlatformClient, logGroupName: string): Promise<readonly FilterFacts[]> =>
  everyPage(async (nextToken) => {
    const page = await client.json<{ readonly metricFilters?: readonly WireFilter[]; readonly nextToken?: string }>(
      'logs',
      'DescribeMetricFilters',
      { logGroupName, nextToken },
    )
    const items = (page.metricFilters ?? []).flatMap(({ filterPattern = '', metricTransformations = [] }) =>
      metricTransformations.map(({ metricName, metricNamespace }) => ({ filterPattern, metricName, metricNamespace })),
    )
    return { items, next: page.nextToken }
  })

const resourcePolicies = (client: PlatformClient): Promise<readonly PolicyFacts[]> =>
  everyPage(async (nextToken) => {
    const page = await client.json<{
      readonly resourcePolicies?: readonly PolicyFacts[]
      readonly nextToken?: string
    }>('logs', 'DescribeResourcePolicies', { nextToken })
    return { items: page.resourcePolicies ?? [], next: page.nextToken }
  })

interface WireMetric {
  readonly Namespace?: string
  readonly MetricName?: string
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[]
}

interface WireAlarm extends WireMetric {
  readonly ComparisonOperator?: string
  readonly Metrics?: readonly { readonly MetricStat?: { readonly Metric?: WireMetric } }[]
}

const metricAlarms = (client: PlatformClient): Promise<readonly AlarmFacts[]> =>
  everyPage(async (NextToken) => {
    const page = await client.json<{ readonly MetricAlarms?: readonly WireAlarm[]; readonly NextToken?: string }>(
      'cloudwatch',
      'DescribeAlarms',
      { AlarmTypes: ['MetricAlarm'], NextToken },
    )
    return { items: (page.MetricAlarms ?? []).flatMap(watchesOf), next: page.NextToken }
  })

/** The metrics of an alarm, be it on one or on an expression over several. */
export function watchesOf(alarm: WireAlarm): readonly AlarmFacts[] {
  const { Metrics: queries, ComparisonOperator: comparison } = alarm
  const metrics = queries === undefined ? [alarm] : queries.flatMap(({ MetricStat }) => MetricStat?.Metric ?? [])
  return metrics.map(({ Namespace: namespace, MetricName: metricName, Dimensions: dimensions = [] }) => ({
    namespace,
    metricName,
    comparison,
    dimensions: dimensions.map(({ Name: name, Value: value }) => ({ name, value })),
  }))
}

/** Enough for every quota; a platform that gives page after page must not hold the command for ever. */
const MAX_PAGES = 1_000

async function everyPage<T>(
  read: (token: string | undefined) => Promise<{ readonly items: readonly T[]; readonly next: string | undefined }>,
): Promise<readonly T[]> {
  const all: T[] = []
  let token: string | undefined
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    const { items, next } = await read(token)
    all.push(...items)
    if (next === undefined) return all
    token = next
  }
  throw new Error(`the platform answered more than ${String(MAX_PAGES)} pages`)
}
