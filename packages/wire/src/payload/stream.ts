import type { ByteStream } from '../request.ts'
import { AwsChunkedDecoder } from './aws-chunked.ts'
import { type OpenDigests, digestsHere } from './body-digests.ts'
import { ContentChecks } from './content-checks.ts'
import type { DigestName } from './digests.ts'
import type { PayloadPlan } from './plan.ts'

/** What is known of a body once all of it was read and found right. */
export interface PayloadSummary {
  /** Bytes of content. */
  readonly length: number
  /** In base64: what was verified and what was asked for. */
  readonly digests: Readonly<Partial<Record<DigestName, string>>>
  /** The flexible checksum that the client sent, in the head or after the body. */
  readonly checksum?: { readonly algorithm: DigestName; readonly value: string }
}

/**
 * A body's content as it comes: parts of the network's pieces, which are not held. It can be read once. Content comes
 * before it is known to be right, so what is made of it counts only once the end was reached.
 */
export interface PayloadStream extends ByteStream {
  /** @throws Error when the content was not read to its end, or is not what it must be */
  summary(): PayloadSummary
}

/**
 * Reads a body by its plan. Whoever stops reading lets go of `source`. A part is digested once the next one is asked for:
 * only then is it known whether its memory is free.
 * @param openDigests left out: they are computed here
 * @throws WireError in S3's words, while it is read, as soon as something is wrong
 */
export function payloadStream(
  plan: PayloadPlan,
  source: ByteStream,
  openDigests: OpenDigests = digestsHere,
): PayloadStream {
  let summary: PayloadSummary | undefined
  let isRead = false
  /** The piece that is being read, and how many of its parts are spent. */
  let current: Uint8Array | undefined
  let spentParts = 0

  async function* read(): AsyncGenerator<Uint8Array, void> {
    const checks = new ContentChecks(plan, openDigests)
    const { framing, length } = plan
    const decoder = framing === undefined ? undefined : new AwsChunkedDecoder(framing, length ?? 0)
    try {
      for await (const piece of source) {
        const parts = contentOf(piece, decoder)
        ;[current, spentParts] = [piece, 0]
        for (const part of parts) {
          checks.count(part)
          yield part
        }
        const isSpent = source.spent !== undefined && spentParts === parts.length
        const digesting = checks.digest(parts, isSpent ? piece : undefined)
        if (digesting !== undefined) await digesting
        if (isSpent) source.spent(piece)
      }
      decoder?.end()
      summary = await checks.end(decoder?.trailers)
    } finally {
      checks.drop()
    }
  }

  return {
    [Symbol.asyncIterator]() {
      if (isRead) throw new Error('A body can be read once.')
      isRead = true
      return read()
    },
    // Parts share the memory of their piece, so it is free when all of them are spent, and never while a later one is read.
    spent(part) {
      if (part.buffer === current?.buffer) spentParts += 1
    },
    summary() {
      if (summary === undefined) throw new Error('The body was not read to its end, or is not what it must be.')
      return summary
    },
  }
}

function contentOf(piece: Uint8Array, decoder: AwsChunkedDecoder | undefined): readonly Uint8Array[] {
  if (decoder === undefined) return [piece]
  const content: Uint8Array[] = []
  decoder.decode(piece, content)
  return content
}
