import { createHash } from 'node:crypto'
import type { Call } from '#kernel/call.ts'
import { type EpochMillis, randomBase32 } from '#kernel/ids.ts'
import type {
  DeliveryState,
  DeliveryStates,
  FilePlan,
  Latest,
  WaitingFile,
} from '#services/cloudtrail/delivery/delivery-state.ts'
import { codeOf } from '#services/cloudtrail/delivery/code-of.ts'
import { gather } from '#services/cloudtrail/delivery/gather.ts'
import { FILE_EVENTS, FILE_MILLIS } from '#services/cloudtrail/delivery/limits.ts'
import { notify } from '#services/cloudtrail/delivery/notify.ts'
import { putObject } from '#services/cloudtrail/delivery/put-object.ts'
import { logFileKey } from '#services/cloudtrail/destinations/object-keys.ts'
import { type Trail, isLogging } from '#services/cloudtrail/trails/trail.ts'
import type { ApiJournal, StoredApiEvent } from '#stores/journals/api-journal.ts'

export interface FileCourierDeps {
  readonly journal: ApiJournal
  readonly states: DeliveryStates
  readonly call: Call
}

/** Events of one request are numbered together; so many numbers are one request. */
const SEQS_A_REQUEST = 2 ** 14

/**
 * Writes a trail's events into files, in order, each event into one file. Which files come next is committed before they
 * are written, and that they are there after: whoever goes on after a crash writes the same files again.
 */
export class FileCourier {
  readonly #deps: FileCourierDeps

  constructor(deps: FileCourierDeps) {
    this.#deps = deps
  }

  /**
   * Writes what is due; everything there is when `flush` is set.
   * @returns the trail's state afterwards
   * @throws whatever S3 refused it with, once that is in the state
   */
  async deliver(
    trail: Trail,
    now: EpochMillis,
    { flush, signal }: { readonly flush: boolean; readonly signal: AbortSignal },
  ): Promise<DeliveryState> {
    let state = await this.#deps.states.of(trail)
    if (!flush && !this.#isDue(state, now)) return state
    for (;;) {
      signal.throwIfAborted()
      const step = await this.#step(trail, state, now, signal)
      state = step.state
      if (!step.more) return state
    }
  }

  /** Whether everything that the trail logged, and will not log more of, is in files. */
  isDone(trail: Trail, state: DeliveryState): boolean {
    if (state.plan !== undefined || isLogging(trail)) return false
    const end = trail.spans.at(-1)?.to
    return end === undefined || state.position >= end - 1
  }

  #isDue({ plan, flushedAt, position }: DeliveryState, now: EpochMillis): boolean {
    if (plan !== undefined || now - flushedAt >= FILE_MILLIS) return true
    return this.#deps.journal.nextSeq() - position > FILE_EVENTS * SEQS_A_REQUEST
  }

  async #step(
    trail: Trail,
    state: DeliveryState,
    now: EpochMillis,
    signal: AbortSignal,
  ): Promise<{ readonly state: DeliveryState; readonly more: boolean }> {
    const { journal, states } = this.#deps
    if (state.plan !== undefined) {
      const { scope, to } = state.plan
      const again = await gather(journal, trail, { after: state.position, to, scope, signal })
      return { state: await this.#write(trail, state, state.plan, again.events, now, signal), more: true }
    }
    const { multiRegion, globalEvents, selectors, spans } = trail
    const scope = { multiRegion, globalEvents, spans, ...(selectors === undefined ? {} : { selectors }) }
    // The journal answers all that was taken before it is asked; with nothing left, all up to here is done.
    const end = journal.nextSeq() - 1
    const next = await gather(journal, trail, { after: state.position, scope, signal })
    const to = next.more ? next.to : Math.max(next.to, end)
    if (next.events.length === 0) {
      const passed = { ...state, position: to, flushedAt: now }
      await states.put(trail, passed)
      return { state: passed, more: next.more }
    }
    const plan: FilePlan = { to, at: now, fileId: randomBase32(16), scope }
    await states.put(trail, { ...state, plan })
    const written = await this.#write(trail, { ...state, plan }, plan, next.events, now, signal)
    return { state: written, more: next.more }
  }

  async #write(
    trail: Trail,
    state: DeliveryState,
    plan: FilePlan,
    events: readonly StoredApiEvent[],
    now: EpochMillis,
    signal: AbortSignal,
  ): Promise<DeliveryState> {
    const { states, call } = this.#deps
    const files: WaitingFile[] = []
    const keys: string[] = []
    try {
      for (const [region, ofRegion] of Map.groupBy(events, (event) => event.region)) {
        const key = logFileKey(trail, region, plan.at, plan.fileId)
        const text = `{"Records":[${ofRegion.map(({ record }) => record).join(',')}]}`
        await putObject(call, trail, { key, text, underKey: true }, signal)
        keys.push(key)
        files.push(waitingFile(trail, region, key, text, ofRegion, plan.at))
      }
    } catch (error) {
      const latest: Latest = { ...state.latest.files, triedAt: now, error: codeOf(error) }
      await states.put(trail, { ...state, latest: { ...state.latest, files: latest } })
      throw error
    }
    const { plan: _plan, ...rest } = state
    const notifications = await notify(call, trail, keys, state.latest.notifications, { now, signal })
    const latest = {
      ...state.latest,
      files: { deliveredAt: now, triedAt: now },
      ...(notifications === undefined ? {} : { notifications }),
    }
    const done: DeliveryState = { ...rest, position: plan.to, flushedAt: plan.at, latest }
    await states.put(trail, done, trail.validation ? { delivered: files } : {})
    return done
  }
}

const waitingFile = (
  { bucket }: Trail,
  region: string,
  key: string,
  text: string,
  events: readonly StoredApiEvent[],
  at: EpochMillis,
): WaitingFile => {
  const times = events.map(({ eventTime }) => eventTime)
  return {
    region,
    bucket,
    key,
    hash: createHash('sha256').update(text).digest('hex'),
    newest: times.reduce((a, b) => Math.max(a, b)),
    oldest: times.reduce((a, b) => Math.min(a, b)),
    at,
  }
}
