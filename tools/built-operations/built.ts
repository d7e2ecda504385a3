import type { Services } from '../../packages/server/src/gateway/registry.ts'
import { cloudtrailService } from '../../packages/server/src/services/cloudtrail/index.ts'
import { cloudwatchService } from '../../packages/server/src/services/cloudwatch/index.ts'
import { iamService } from '../../packages/server/src/services/iam/index.ts'
import { kmsService } from '../../packages/server/src/services/kms/index.ts'
import { logsService } from '../../packages/server/src/services/logs/index.ts'
import { mqService } from '../../packages/server/src/services/mq/index.ts'
import { s3Service } from '../../packages/server/src/services/s3/index.ts'
import { stsService } from '../../packages/server/src/services/sts/index.ts'
import { unbuiltServices } from '../../packages/server/src/services/unbuilt.ts'

/**
 * Stands in for every dependency of a service: has every member, can be called, and does nothing. The services are only
 * asked which operations they list, so nothing is ever done with it.
 */
const nothing: never = new Proxy(() => {}, {
  get: (_target, name): unknown => (name === Symbol.toPrimitive ? () => 0 : nothing),
  apply: () => nothing,
  construct: () => nothing,
}) as never

/** Every service, made of dependencies that are never used for anything but asking the service what it is. */
export function servicesOver(dependencies: never): Services {
  // Every service must be here, or this does not compile.
  return {
    logs: logsService(dependencies),
    mq: mqService(dependencies).service,
    cloudtrail: cloudtrailService(dependencies).service,
    cloudwatch: cloudwatchService(dependencies).service,
    iam: iamService(dependencies),
    sts: stsService(dependencies),
    s3: s3Service(dependencies),
    kms: kmsService(dependencies).service,
    ...unbuiltServices,
  }
}

/** Whether an operation is a call on data, which is recorded only for trails that ask for it. */
export function isDataCall(service: keyof Services, operation: string): boolean {
  const access = servicesOver(nothing)[service].access as Readonly<Record<string, { readonly category: string }>>
  return access[operation]?.category === 'data'
}

/** The names of the operations that each service has built. */
export function builtOperations(): { readonly [S in keyof Services]: ReadonlySet<string> } {
  const names = Object.entries(servicesOver(nothing)).map(([name, { operations }]) => [
    name,
    new Set(Object.keys(operations)),
  ])
  return Object.fromEntries(names) as { [S in keyof Services]: ReadonlySet<string> }
}
