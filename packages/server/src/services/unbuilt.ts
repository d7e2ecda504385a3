import type { Apis } from '@sluice/wire'
import type { ServicePrincipal } from '#kernel/principal.ts'
import type { Service } from '#kernel/service.ts'

/**
 * Services whose APIs are understood, verified, read and recorded, and of which no operation is built yet: each call
 * is answered 501. A service that gets its first operation leaves this list for a folder of its own.
 */
export const unbuiltServices = {
  kafka: unbuilt('kafka', 'kafka.amazonaws.com'),
  firehose: unbuilt('firehose', 'firehose.amazonaws.com'),
  sns: unbuilt('sns', 'sns.amazonaws.com'),
  events: unbuilt('events', 'events.amazonaws.com'),
  opensearch: unbuilt('opensearch', 'es.amazonaws.com'),
  es: unbuilt('es', 'es.amazonaws.com'),
  resourcegroupstaggingapi: unbuilt('resourcegroupstaggingapi', 'tagging.amazonaws.com'),
  secretsmanager: unbuilt('secretsmanager', 'secretsmanager.amazonaws.com'),
  ec2: unbuilt('ec2', 'ec2.amazonaws.com'),
} as const

function unbuilt<S extends keyof Apis>(name: S, eventSource: ServicePrincipal): Service<S> {
  return { name, operations: {}, access: {}, eventSource, global: false, secrets: {} }
}
