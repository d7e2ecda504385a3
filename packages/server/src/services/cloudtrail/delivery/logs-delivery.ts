import type { Deliveries, DeliverySpec } from '#delivery/delivery.ts'
import { isInScope } from '#services/cloudtrail/delivery/in-scope.ts'
import type { Latest } from '#services/cloudtrail/delivery/delivery-state.ts'
import { LOGS_EVENT_BYTES } from '#services/cloudtrail/delivery/limits.ts'
import { asLogsRole } from '#services/cloudtrail/destinations/acting-as.ts'
import { groupNameOf, streamOf } from '#services/cloudtrail/destinations/check-logs.ts'
import type { Trail } from '#services/cloudtrail/trails/trail.ts'
import type { Trails } from '#services/cloudtrail/trails/trails.ts'
import type { ApiJournal } from '#stores/journals/api-journal.ts'

export interface LogsDeliveryDeps {
  readonly trails: Trails
  readonly journal: ApiJournal
  readonly deliveries: Deliveries
}

/** How long events that were logged before a trail was deleted, or lost its group, may still go there. */
const DRAIN_MILLIS = 5_000

const deliveryId = ({ id }: Pick<Trail, 'id'>): string => `cloudtrail/${id}`

/** How a trail's delivery to CloudWatch Logs goes. */
export function logsStatus(deliveries: Pick<Deliveries, 'status'>, trail: Trail): Latest {
  const status = trail.logs === undefined ? undefined : deliveries.status(deliveryId(trail))
  return {
    ...(status?.lastDeliveredAt === undefined ? {} : { deliveredAt: status.lastDeliveredAt }),
    ...(status?.reason === undefined ? {} : { error: status.reason }),
  }
}

/** Has a delivery run for each trail with a log group: as the role it was passed, exactly once, within seconds. */
export class LogsDelivery {
  readonly #deps: LogsDeliveryDeps
  /** Trails as they are now, by id: what is delivered follows their selectors. */
  #current: ReadonlyMap<string, Trail> = new Map()
  /** Where the running ones go, by id. */
  readonly #running = new Map<string, string>()
  #last: Promise<void> = Promise.resolve()
  #unwatch: () => void = () => {}

  constructor(deps: LogsDeliveryDeps) {
    this.#deps = deps
  }

  /** Begins, and follows every change of a trail. */
  async start(): Promise<void> {
    this.#unwatch = this.#deps.trails.watch(() => void this.#settleSoon())
    await this.#settleSoon()
  }

  async close(): Promise<void> {
    this.#unwatch()
    await this.#last.catch(() => {})
  }

  #settleSoon(): Promise<void> {
    this.#last = this.#last.catch(() => {}).then(() => this.#settle())
    return this.#last
  }

  async #settle(): Promise<void> {
    const { trails, deliveries } = this.#deps
    const all = await trails.all()
    this.#current = new Map(all.map((trail) => [trail.id, trail]))
    const wanted = new Map(
      all.filter(({ logs, spans }) => logs !== undefined && spans.length > 0).map((t) => [t.id, t]),
    )
    for (const [id, target] of this.#running) {
      const trail = wanted.get(id)
      if (trail !== undefined && targetOf(trail) === target) continue
      this.#running.delete(id)
      await deliveries.stop(deliveryId({ id }), trail === undefined ? { drainMillis: DRAIN_MILLIS } : {})
    }
    for (const [id, trail] of wanted) {
      const spec = this.#running.has(id) ? undefined : this.#specOf(trail)
      if (spec === undefined) continue
      this.#running.set(id, targetOf(trail))
      deliveries.start(spec)
    }
  }

  #specOf(trail: Trail): DeliverySpec | undefined {
    const { logs, spans } = trail
    const group = logs === undefined ? undefined : groupNameOf(logs.groupArn, trail)
    if (logs === undefined || group === undefined) return undefined
    const last = trail
    return {
      id: deliveryId(trail),
      source: {
        kind: 'api-events',
        journal: this.#deps.journal,
        account: trail.account,
        after: Math.max(logs.from, spans[0]?.from ?? 0) - 1,
        wants: (event) =>
          Buffer.byteLength(event.record) <= LOGS_EVENT_BYTES &&
          isInScope(event, trail.home, this.#current.get(trail.id) ?? last),
      },
      sink: { kind: 'logs', group, stream: streamOf(trail), as: asLogsRole(trail, logs.roleArn) },
    }
  }
}

const targetOf = ({ logs }: Trail): string => `${logs?.groupArn ?? ''} ${logs?.roleArn ?? ''}`
