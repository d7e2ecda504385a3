/** An alarm that a broker ought to have. */
export interface RecommendedAlarm {
  /** What its name ends with. */
  readonly name: string
  /** What nobody would hear of without it. */
  readonly why: string
  readonly metric: string
  /** The metric that is the whole, where the threshold is a share of it in percent. */
  readonly percentOf?: string
  readonly statistic: 'Average' | 'Maximum' | 'Sum'
  readonly comparison: 'GreaterThanThreshold' | 'GreaterThanOrEqualToThreshold'
  readonly threshold: number
  /** Seconds. */
  readonly period: number
  readonly periods: number
  /** The lines of the general log that make its metric; left out: Amazon MQ reports it by itself. */
  readonly pattern?: string
}

const PERCENT = { statistic: 'Average', comparison: 'GreaterThanThreshold', threshold: 80, period: 300 } as const

const ONE_LINE = {
  statistic: 'Sum',
  comparison: 'GreaterThanOrEqualToThreshold',
  threshold: 1,
  period: 300,
  periods: 1,
} as const

/**
 * What guides to monitoring Amazon MQ name: the memory, store and processor that a broker runs out of, and restarts and
 * errors, which its general log tells of.
 */
export const RECOMMENDED: Readonly<Record<'ACTIVEMQ' | 'RABBITMQ', readonly RecommendedAlarm[]>> = {
  ACTIVEMQ: [
    {
      ...PERCENT,
      name: 'heap',
      metric: 'HeapUsage',
      periods: 2,
      why: 'A broker whose heap is full takes no messages.',
    },
    {
      ...PERCENT,
      name: 'store',
      metric: 'StorePercentUsage',
      periods: 1,
      why: 'When the message store is full producers are held up.',
    },
    { ...PERCENT, name: 'cpu', metric: 'CpuUtilization', periods: 3, why: 'A busy broker is slow for every client.' },
    {
      ...ONE_LINE,
      name: 'restarts',
      metric: 'BrokerStarts',
      pattern: '"Apache ActiveMQ" started',
      why: 'A restart cuts every client off; its general log tells of it.',
    },
    {
      ...ONE_LINE,
      name: 'errors',
      metric: 'BrokerErrors',
      pattern: 'ERROR',
      why: 'What is wrong with a configuration is said in the general log, and nowhere else.',
    },
  ],
  // AWS publishes the load of a node's machine as well; here, where nodes share one, there would be nothing to watch.
  RABBITMQ: [
    {
      ...PERCENT,
      name: 'memory',
      metric: 'RabbitMQMemUsed',
      percentOf: 'RabbitMQMemLimit',
      statistic: 'Maximum',
      periods: 2,
      why: 'At its limit of memory a node takes no messages from anybody.',
    },
  ],
}
