import type { Identified } from '@sluice/wire'
import type { AccessDenied } from '#kernel/errors.ts'
import { messageOf } from '#kernel/errors.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import type { Judged } from '#gateway/authorize.ts'
import { type DenialEnd, type KeptDenial, keptDenial } from '#gateway/denials/kept-denial.ts'
import type { RecordChange, RecordKey, RecordStore } from '#stores/records/record-store.ts'

/** Calls whose denials are kept; the oldest is forgotten first. */
const MAX_KEPT = 1_000
const COLLECTION = 'gateway.denial'

const keyOf = (requestId: string): RecordKey => ({
  collection: COLLECTION,
  account: '-',
  region: '-',
  id: requestId,
})

/** Why calls were denied lately, or would have been. */
export interface DenialLog {
  /** Reads what an earlier run left. */
  restore(): Promise<void>
  /** Keeps the denials of one call; must not wait and must not throw. */
  note(
    ctx: Judged,
    operation: Pick<Identified, 'service' | 'operation'>,
    denials: readonly AccessDenied[],
    end: DenialEnd,
  ): void
  /** The denials of a call, by its request id. */
  find(requestId: string): readonly KeptDenial[]
  /** Writes what is new to the records; called about once a second, and at the end. */
  flush(): Promise<void>
}

/** What one request id is kept under. */
interface Entry {
  readonly at: number
  readonly denials: readonly KeptDenial[]
  /** Of a service that tries again and again: what makes two of its denials the same. */
  readonly repeats?: string
}

/**
 * Denials are in memory and follow to the records about a second later in one commit, so a denial costs no wait for the
 * disk; what a crash takes with it is the last second.
 */
export function openDenialLog(records: RecordStore, telemetry: Telemetry, limit: number = MAX_KEPT): DenialLog {
  const kept = new Map<string, Entry>()
  const repeated = new Map<string, string>()
  /** Request ids whose record is not as it should be. */
  const unwritten = new Set<string>()

  const forget = (requestId: string): void => {
    const repeats = kept.get(requestId)?.repeats
    if (repeats !== undefined && repeated.get(repeats) === requestId) repeated.delete(repeats)
    kept.delete(requestId)
    unwritten.add(requestId)
  }
  const keep = (requestId: string, entry: Entry): void => {
    const earlier = entry.repeats === undefined ? undefined : repeated.get(entry.repeats)
    if (earlier !== undefined && earlier !== requestId) forget(earlier)
    kept.set(requestId, entry)
    if (entry.repeats !== undefined) repeated.set(entry.repeats, requestId)
    for (const [oldest] of kept) {
      if (kept.size <= limit) break
      forget(oldest)
    }
  }

  return {
    async restore() {
      const stored = await records.listAll<Entry>(COLLECTION)
      for (const { key, value } of stored.toSorted((a, b) => a.value.at - b.value.at)) keep(key.id, value)
    },
    note(ctx, operation, denials, end) {
      const labels = { service: operation.service, operation: operation.operation, end }
      telemetry.meter.add('denials_total', denials.length, labels)
      if (end === 'let through')
        for (const { message } of denials)
          telemetry.log.warn({ event: 'would_be_denied', requestId: ctx.requestId, message })
      const { principal, requestId } = ctx
      const more = denials.map((denial) => keptDenial(denial, ctx, operation, end))
      const repeats =
        principal.kind === 'service'
          ? JSON.stringify([principal.service, principal.sourceArn, denials.map(({ message }) => message)])
          : undefined
      const before = kept.get(requestId)?.denials ?? []
      keep(requestId, { at: ctx.now, denials: [...before, ...more], ...(repeats === undefined ? {} : { repeats }) })
      unwritten.add(requestId)
    },
    find: (requestId) => kept.get(requestId)?.denials ?? [],
    async flush() {
      if (unwritten.size === 0) return
      const ids = [...unwritten]
      unwritten.clear()
      const changes = ids.map((id): RecordChange => {
        const value = kept.get(id)
        return value === undefined ? { kind: 'delete', key: keyOf(id) } : { kind: 'put', key: keyOf(id), value }
      })
      try {
        await records.commit(changes)
      } catch (error) {
        for (const id of ids) unwritten.add(id)
        telemetry.log.error({ event: 'denials_not_kept', message: messageOf(error) })
      }
    },
  }
}
