import type { Call } from '#kernel/call.ts'
import { type EpochMillis, region as regionOf } from '#kernel/ids.ts'
import type { DeliveryState, DeliveryStates, DigestChain } from '#services/cloudtrail/delivery/delivery-state.ts'
import { codeOf } from '#services/cloudtrail/delivery/code-of.ts'
import { DIGEST_MILLIS, MAX_DIGESTS } from '#services/cloudtrail/delivery/limits.ts'
import { putObject } from '#services/cloudtrail/delivery/put-object.ts'
import { digestKey } from '#services/cloudtrail/destinations/object-keys.ts'
import { signatureMetadata, signedDigest } from '#services/cloudtrail/digests/digest.ts'
import type { SigningKeys } from '#services/cloudtrail/digests/signing-keys.ts'
import { type Trail, isLogging } from '#services/cloudtrail/trails/trail.ts'

export interface DigestCourierDeps {
  readonly states: DeliveryStates
  readonly keys: SigningKeys
  readonly call: Call
}

/**
 * Writes digests: for each region one an hour, also when it lists nothing, each naming the one before. The chain moves on
 * once the digest is there; after a crash between the two the same digest is written again.
 */
export class DigestCourier {
  readonly #deps: DigestCourierDeps

  constructor(deps: DigestCourierDeps) {
    this.#deps = deps
  }

  /**
   * Writes what is due; with `final`, one more of each chain, which ends with it.
   * @throws whatever S3 refused it with, once that is in the state
   */
  async deliver(
    trail: Trail,
    before: DeliveryState,
    now: EpochMillis,
    { final, signal }: { readonly final: boolean; readonly signal: AbortSignal },
  ): Promise<DeliveryState> {
    let state = before
    for (const region of await this.#regions(trail, state, final)) {
      for (;;) {
        signal.throwIfAborted()
        const chain = state.chains[region] ?? { since: final ? now - DIGEST_MILLIS : now }
        const end = final ? now : nextEnd(chain, now)
        if (end === undefined || (final && end <= chain.since)) {
          // What was found for the first time begins its chain now.
          if (!(region in state.chains)) state = await this.#keep(trail, state, region, chain)
          break
        }
        state = await this.#write(trail, state, region, chain, end, now, signal)
        if (final) break
      }
    }
    return final ? this.#end(trail, state) : state
  }

  /** The home region from the first hour on, others from their first file on. */
  async #regions(trail: Trail, { chains }: DeliveryState, final: boolean): Promise<readonly string[]> {
    const known = new Set(Object.keys(chains))
    if (!final && isLogging(trail)) known.add(trail.home)
    for (const { region } of await this.#deps.states.waiting(trail)) known.add(region)
    return [...known].toSorted()
  }

  async #keep(trail: Trail, state: DeliveryState, region: string, chain: DigestChain): Promise<DeliveryState> {
    const kept = { ...state, chains: { ...state.chains, [region]: chain } }
    await this.#deps.states.put(trail, kept)
    return kept
  }

  async #end(trail: Trail, state: DeliveryState): Promise<DeliveryState> {
    if (Object.keys(state.chains).length === 0) return state
    const ended = { ...state, chains: {} }
    await this.#deps.states.put(trail, ended)
    return ended
  }

  async #write(
    trail: Trail,
    state: DeliveryState,
    region: string,
    chain: DigestChain,
    end: EpochMillis,
    now: EpochMillis,
    signal: AbortSignal,
  ): Promise<DeliveryState> {
    const { states, keys, call } = this.#deps
    const waiting = await states.waiting(trail, region)
    const files = waiting.filter(({ at }) => at < end)
    const owner = { account: trail.account, prefix: trail.prefix, trail: trail.name, home: trail.home }
    const key = digestKey(owner, region, end)
    const signingKey = await keys.at({ account: trail.account, region: regionOf(region) }, now)
    const content = { account: trail.account, start: chain.since, end, bucket: trail.bucket, key, files }
    const { text, written } = signedDigest({ ...content, previous: chain.previous }, signingKey)
    try {
      await putObject(call, trail, { key, text, metadata: signatureMetadata(written), underKey: false }, signal)
    } catch (error) {
      const digests = { ...state.latest.digests, triedAt: now, error: codeOf(error) }
      await states.put(trail, { ...state, latest: { ...state.latest, digests } })
      throw error
    }
    const next: DeliveryState = {
      ...state,
      chains: { ...state.chains, [region]: { since: end, previous: written } },
      latest: { ...state.latest, digests: { deliveredAt: now, triedAt: now } },
    }
    await states.put(trail, next, { listed: files })
    return next
  }
}

/** When the period of the next digest ends. `undefined`: it is not over. */
function nextEnd({ since }: DigestChain, now: EpochMillis): EpochMillis | undefined {
  const hours = Math.floor((now - since) / DIGEST_MILLIS)
  if (hours < 1) return undefined
  return since + Math.max(1, hours - MAX_DIGESTS + 1) * DIGEST_MILLIS
}
