import type { Services } from '../../packages/server/src/gateway/registry.ts'
import { cloudtrailService } from '../../packages/server/src/services/cloudtrail/index.ts'
import { iamService } from '../../packages/server/src/services/iam/index.ts'
import { logsService } from '../../packages/server/src/services/logs/index.ts'
import { mqService } from '../../packages/server/src/services/mq/index.ts'
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

/** The names of the operations that each service has built. */
export function builtOperations(): { readonly [S in keyof Services]: ReadonlySet<string> } {
  // Every service must be here, or this does not compile.
  const services: Services = {
    logs: logsService(nothing),
    mq: mqService(nothing).service,
    cloudtrail: cloudtrailService(nothing),
    iam: iamService(nothing),
    sts: stsService(nothing),
    ...unbuiltServices,
  }
  const names = Object.entries(services).map(([name, { operations }]) => [name, new Set(Object.keys(operations))])
  return Object.fromEntries(names) as { [S in keyof Services]: ReadonlySet<string> }
}
