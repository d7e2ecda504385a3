import { type Digest, type DigestName, makeDigest } from './digests.ts'

/** Digests of the content of one body, wherever they are computed. */
export interface BodyDigests {
  /**
   * Takes content that follows what was taken before.
   * @param parts lie in one piece of memory
   * @param spare that piece, when nobody else needs it any more: its memory may be taken away
   * @returns what must resolve before more is given; `undefined`: nothing
   */
  take(parts: readonly Uint8Array[], spare: Uint8Array | undefined): Promise<void> | undefined
  /** All of it was given; to be called once. */
  end(): Promise<ComputedDigests>
  /** The body is read no further, to its end or not; to be called once. */
  drop(): void
}

export type ComputedDigests = ReadonlyMap<DigestName, Buffer>

/** @param length how much content is to come, when that is known */
export type OpenDigests = (names: readonly DigestName[], length: number | undefined) => BodyDigests

/** Computes them on the thread that asks, while it gives the content. */
export const digestsHere: OpenDigests = (names) => {
  const digests = new Map<DigestName, Digest>(names.map((name) => [name, makeDigest(name)]))
  return {
    take(parts) {
      for (const part of parts) for (const digest of digests.values()) digest.update(part)
      return undefined
    },
    end: () => Promise.resolve(new Map([...digests].map(([name, digest]) => [name, digest.digest()]))),
    drop() {},
  }
}
