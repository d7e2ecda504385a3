import { messageOf } from '#kernel/errors.ts'
import type { Bucket, LifecycleRules } from '#services/s3/buckets/bucket.ts'
import type { S3Parts } from '#services/s3/deps.ts'
import { expireCurrent } from '#services/s3/lifecycle/expire-current.ts'
import { expireOlder } from '#services/s3/lifecycle/expire-older.ts'
import { expireUploads } from '#services/s3/lifecycle/expire-uploads.ts'

const DAY_MILLIS = 24 * 60 * 60 * 1_000

export type SweepParts = Pick<S3Parts, 'buckets' | 'catalog' | 'uploads' | 'records' | 'clock' | 'telemetry'>

/**
 * Expires what the rules of buckets say. Everything falls due at a midnight in UTC, so a bucket is walked through once
 * a day, and again when its rules change.
 */
export function lifecycleSweep(parts: SweepParts): () => Promise<void> {
  const walked = new Map<string, { readonly day: number; readonly rules: string }>()
  return async () => {
    const now = parts.clock.now()
    const day = Math.floor(now / DAY_MILLIS)
    const buckets = (await parts.buckets.all()).filter(({ lifecycle }) => lifecycle !== undefined)
    for (const id of walked.keys()) if (!buckets.some((bucket) => bucket.id === id)) walked.delete(id)
    for (const bucket of buckets) {
      const rules = JSON.stringify(bucket.lifecycle)
      const before = walked.get(bucket.id)
      if (before?.day === day && before.rules === rules) continue
      try {
        await walk(parts, bucket, bucket.lifecycle ?? [], now)
        walked.set(bucket.id, { day, rules })
      } catch (error) {
        parts.telemetry.log.warn({ event: 'lifecycle_cut_off', bucket: bucket.name, message: messageOf(error) })
      }
    }
  }
}

async function walk(parts: SweepParts, bucket: Bucket, rules: LifecycleRules, now: number): Promise<void> {
  for (const rule of rules) {
    if (rule.Status !== 'Enabled') continue
    await expireCurrent(parts, bucket, rule, now)
    await expireOlder(parts, bucket, rule, now)
    await expireUploads(parts, bucket, rule, now)
  }
}
