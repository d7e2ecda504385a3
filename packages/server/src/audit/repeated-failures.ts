import type { ApiCall } from '#audit/api-call.ts'
import type { EpochMillis } from '#kernel/ids.ts'

/** How long one record stands for all the same failures of a service. */
const PERIOD_MILLIS = 60 * 60 * 1_000
/** Failures remembered; the oldest is forgotten first, and then recorded once more. */
const MAX_REMEMBERED = 1_000

/**
 * Our own services try what was refused again every few seconds until the permission is there. One record an hour tells
 * as much as seven hundred, and leaves event history to people.
 */
export class RepeatedFailures {
  readonly #recorded = new Map<string, EpochMillis>()

  /** Whether the same failure of the same service, for the same resource, is on record for this hour. */
  isRepeat(call: ApiCall): boolean {
    const key = keyOf(call)
    const recorded = key === undefined ? undefined : this.#recorded.get(key)
    return recorded !== undefined && call.ctx.now - recorded < PERIOD_MILLIS
  }

  /** The call is on record. */
  note(call: ApiCall): void {
    const key = keyOf(call)
    if (key === undefined) return
    this.#recorded.delete(key)
    this.#recorded.set(key, call.ctx.now)
    if (this.#recorded.size > MAX_REMEMBERED) this.#forgetOldest()
  }

  #forgetOldest(): void {
    const { value } = this.#recorded.keys().next()
    if (value !== undefined) this.#recorded.delete(value)
  }
}

/** What makes two failures the same; `undefined` for anything but a failure of a service. */
function keyOf({ ctx, eventSource, operation, requestParameters, fault }: ApiCall): string | undefined {
  const caller = serviceCaller(ctx)
  if (caller === undefined || fault === undefined) return undefined
  return JSON.stringify([...caller, eventSource, operation, requestParameters, fault.code])
}

/** The service that calls, as itself or in a role that it was passed; clients that call have an address. */
function serviceCaller({ principal, source, calledVia }: ApiCall['ctx']): readonly string[] | undefined {
  if (principal.kind === 'service') return [principal.service, principal.sourceArn]
  const inRole = principal.kind === 'role' && calledVia.length === 0 && source.ip.endsWith('.amazonaws.com')
  return inRole ? [source.ip, principal.arn] : undefined
}
