import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EVENT_OVERHEAD_BYTES, MAX_BATCH_BYTES } from '#services/logs/limits.ts'
import { detect } from '#services/logs/protection/detect.ts'
import { auditFinding, findingBatches } from '#services/logs/protection/findings.ts'
import { managedIdentifier } from '#services/logs/protection/identifiers.ts'

test('a finding says what was found how often and where, and not what it was', () => {
  const identifiers = ['EmailAddress', 'IpAddress'].flatMap((name) => managedIdentifier(name) ?? [])
  const detections = detect('a@b.de from 10.0.0.1 to c@d.de', identifiers)
  const finding = auditFinding(detections, 'arn:x:*', Date.UTC(2026, 0, 23, 21, 11, 20, 5))
  expect(JSON.parse(finding)).toEqual({
    auditTimestamp: '2026-01-23T21:11:20Z',
    resourceArn: 'arn:x:*',
    dataIdentifiers: [
      {
        name: 'EmailAddress',
        count: 2,
        detections: [
          { start: 0, end: 6 },
          { start: 24, end: 30 },
        ],
      },
      { name: 'IpAddress', count: 1, detections: [{ start: 12, end: 20 }] },
    ],
  })
  expect(finding).not.toMatch(/b\.de|10\.0/)
})

test('batches hold every finding once, in order, and no more than PutLogEvents takes', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 400_000 }), { maxLength: 12 }),
      fc.integer({ min: 1, max: 5 }),
      (sizes, most) => {
        const findings = sizes.map((size, at) => String(at % 10).repeat(size))
        const batches = findingBatches(findings, most)
        expect(batches.flat()).toEqual(findings)
        for (const batch of batches) {
          expect(batch.length).toBeLessThanOrEqual(most)
          const bytes = batch.reduce((sum, each) => sum + each.length + EVENT_OVERHEAD_BYTES, 0)
          expect(bytes).toBeLessThanOrEqual(MAX_BATCH_BYTES)
        }
      },
    ),
    { numRuns: 100 },
  )
  expect(findingBatches(['x'.repeat(MAX_BATCH_BYTES)], 5)).toEqual([])
})
