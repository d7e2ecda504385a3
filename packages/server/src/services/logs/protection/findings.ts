import type { EpochMillis } from '#kernel/ids.ts'
import { MAX_BATCH_BYTES, EVENT_OVERHEAD_BYTES } from '#services/logs/limits.ts'
import type { Detection } from '#services/logs/protection/detect.ts'

/**
 * What the findings group is told of one event: what was found how often and where, never the data itself.
 * @source CloudWatch Logs user guide, "Audit findings reports"
 */
export function auditFinding(detections: readonly Detection[], resourceArn: string, now: EpochMillis): string {
  const byIdentifier = Map.groupBy(detections, ({ identifier }) => identifier)
  return JSON.stringify({
    auditTimestamp: new Date(now).toISOString().replace(/\.\d+Z$/, 'Z'),
    resourceArn,
    dataIdentifiers: [...byIdentifier].map(([name, found]) => ({
      name,
      count: found.length,
      detections: found.map(({ start, end }) => ({ start, end })),
    })),
  })
}

/** Findings in batches that PutLogEvents takes. One that is too large by itself is left out. */
export function findingBatches(findings: readonly string[], mostEvents: number): readonly (readonly string[])[] {
  const batches: string[][] = []
  let bytes = Infinity
  for (const finding of findings) {
    const size = Buffer.byteLength(finding) + EVENT_OVERHEAD_BYTES
    if (size > MAX_BATCH_BYTES) continue
    const batch = batches.at(-1)
    if (batch === undefined || bytes + size > MAX_BATCH_BYTES || batch.length >= mostEvents) {
      batches.push([finding])
      bytes = size
    } else {
      batch.push(finding)
      bytes += size
    }
  }
  return batches
}
