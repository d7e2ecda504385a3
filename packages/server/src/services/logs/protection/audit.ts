import { setImmediate } from 'node:timers/promises'
import type { CallAs, CallContext } from '#kernel/call.ts'
import { AwsError, messageOf } from '#kernel/errors.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import { groupArn, groupArnWithStreams } from '#services/logs/arns.ts'
import type { LogGroup } from '#services/logs/catalog/log-group.ts'
import { MAX_PAGE_EVENTS } from '#services/logs/limits.ts'
import { DELIVERY_SERVICE } from '#services/logs/policies/delivery-policy.ts'
import { detect } from '#services/logs/protection/detect.ts'
import { auditFinding, findingBatches } from '#services/logs/protection/findings.ts'
import type { Protection } from '#services/logs/protection/policies.ts'
import type { LogEvents } from '#stores/journals/log-journal.ts'

/** Looks for sensitive data in stored events. @returns undefined when no policy asks for it */
export type Audit = (group: LogGroup, events: LogEvents, ctx: CallContext) => Promise<void> | undefined

interface AuditDeps {
  readonly protection: Protection
  readonly telemetry: Telemetry
}

/** How long events are looked at before others get their turn, in milliseconds. */
const SLICE_MILLIS = 15

/**
 * Tells findings groups what was found, as `delivery.logs.amazonaws.com` and through the gate like everyone. The events are
 * stored already, so nothing that goes wrong here is an error of who put them.
 */
export const protectionAudit =
  ({ protection, telemetry }: AuditDeps): Audit =>
  (group, events, ctx) => {
    if (!protection.mayConcern(group)) return undefined
    // What the delivery writes has been looked at.
    if (ctx.principal.kind === 'service' && ctx.principal.service === DELIVERY_SERVICE) return undefined
    return (async () => {
      try {
        for (const { identifiers, findingsGroup } of await protection.auditsOf(group)) {
          const findings: string[] = []
          let sliceStart = performance.now()
          for (let index = 0; index < events.length; index++) {
            const detections = detect(events.message(index), identifiers)
            const resource = groupArnWithStreams(group.place, group.name)
            if (detections.length > 0) findings.push(auditFinding(detections, resource, ctx.now))
            if (performance.now() - sliceStart > SLICE_MILLIS) {
              await setImmediate()
              sliceStart = performance.now()
            }
          }
          for (const batch of findingBatches(findings, MAX_PAGE_EVENTS)) await report(group, findingsGroup, batch, ctx)
        }
      } catch (error) {
        telemetry.meter.add('logs_audit_findings_failed_total', 1)
        telemetry.log.warn({ event: 'audit_findings_failed', group: group.name, error: messageOf(error) })
      }
    })()
  }

/** A stream for each group that was looked at. */
async function report(
  group: LogGroup,
  logGroupName: string,
  findings: readonly string[],
  { call, now }: CallContext,
): Promise<void> {
  const as: CallAs = {
    kind: 'service',
    service: DELIVERY_SERVICE,
    sourceArn: groupArn(group.place, group.name),
    sourceAccount: group.place.account,
    region: group.place.region,
  }
  const stream = { logGroupName, logStreamName: group.name }
  const input = { ...stream, logEvents: findings.map((message) => ({ timestamp: now, message })) }
  try {
    await call(as, 'logs', 'PutLogEvents', input)
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== 'ResourceNotFoundException') throw error
    await call(as, 'logs', 'CreateLogStream', stream)
    await call(as, 'logs', 'PutLogEvents', input)
  }
}
