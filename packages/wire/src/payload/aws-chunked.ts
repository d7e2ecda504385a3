import { type Hash, createHash } from 'node:crypto'
import { throwFault } from '../fault.ts'
import { type ChunkSignatures, chunkSignatures } from '../sigv4/chunk-signatures.ts'
import { framingFaults } from './faults.ts'
import { LineReader } from './line-reader.ts'
import type { AwsChunkedFraming } from './plan.ts'
import { Trailers } from './trailers.ts'

/** Smallest chunk that another may follow, in bytes. @source S3 API reference, "Transferring payload in multiple chunks" */
const LEAST_CHUNK_BYTES = 8_192
/** Longest line before a chunk: 16 digits, which is ours, the signature's name and value, CR LF. */
const MOST_HEADER_BYTES = 16 + ';chunk-signature='.length + 64 + 2
/** Longest trailing header; the longest that is known has 128 bytes. Ours. */
const MOST_TRAILER_BYTES = 256
const CR_LF_BYTES = 2

const SIGNED_HEADER = /^([0-9a-fA-F]{1,16});chunk-signature=([0-9a-f]{64})$/
const UNSIGNED_HEADER = /^([0-9a-fA-F]{1,16})$/

type Expecting = 'chunk header' | 'content' | 'chunk end' | 'trailer' | 'nothing'

/** Takes the `aws-chunked` framing off a body that comes in pieces, and verifies the signatures in it. */
export class AwsChunkedDecoder {
  readonly #length: number
  readonly #signatures: ChunkSignatures | undefined
  readonly #trailers: Trailers
  readonly #lines = new LineReader()
  #expecting: Expecting = 'chunk header'
  #chunks = 0
  /** Of the chunk that is read: its size, what is still to come, its signature and hash. */
  #size = LEAST_CHUNK_BYTES
  #left = 0
  #signature = ''
  #hash: Hash | undefined
  /** Of all chunks until now. */
  #total = 0

  /** @param length how much content there must be */
  constructor(framing: AwsChunkedFraming, length: number) {
    this.#length = length
    this.#signatures = framing.seed === undefined ? undefined : chunkSignatures(framing.seed)
    this.#trailers = new Trailers(framing, this.#signatures)
  }

  /** The trailing headers; complete and verified after {@link end}. */
  get trailers(): ReadonlyMap<string, string> {
    return this.#trailers.values
  }

  /**
   * Adds the content in `piece` to `content`, as parts of it and not copies.
   * @throws WireError in S3's words as soon as something is wrong
   */
  decode(piece: Uint8Array, content: Uint8Array[]): void {
    let at = 0
    while (at < piece.length) {
      if (this.#expecting === 'nothing') throwFault(framingFaults.malformed)
      if (this.#expecting === 'content') {
        const part = piece.subarray(at, at + this.#left)
        this.#takeContent(part)
        content.push(part)
        at += part.length
      } else {
        at = this.#lines.read(piece, at, this.#longestLine())
        if (this.#lines.line !== undefined) this.#takeLine(this.#lines.line)
      }
    }
  }

  /** @throws WireError when the body ended too early */
  end(): void {
    if (this.#expecting !== 'nothing') throwFault(framingFaults.malformed)
  }

  #longestLine(): number {
    if (this.#expecting === 'chunk header') return MOST_HEADER_BYTES
    return this.#expecting === 'trailer' ? MOST_TRAILER_BYTES : CR_LF_BYTES
  }

  #takeLine(line: string): void {
    if (this.#expecting === 'chunk header') this.#beginChunk(line)
    else if (this.#expecting === 'chunk end') this.#expecting = 'chunk header'
    else if (line === '') {
      this.#trailers.end()
      this.#expecting = 'nothing'
    } else this.#trailers.add(line)
  }

  #beginChunk(line: string): void {
    const [, digits, signature = ''] =
      (this.#signatures === undefined ? UNSIGNED_HEADER : SIGNED_HEADER).exec(line) ?? []
    if (digits === undefined) return throwFault(framingFaults.malformed)
    const size = Number.parseInt(digits, 16)
    this.#chunks += 1
    if (size > 0 && this.#size < LEAST_CHUNK_BYTES) throwFault(framingFaults.smallChunk(this.#chunks, this.#size))
    this.#size = size
    this.#left = size
    this.#total += size
    if (this.#total > this.#length || (size === 0 && this.#total < this.#length))
      throwFault(framingFaults.length(this.#length, this.#total))
    this.#signature = signature
    this.#hash = this.#signatures === undefined ? undefined : createHash('sha256')
    this.#expecting = 'content'
    if (size === 0) this.#endChunk('trailer')
  }

  #takeContent(part: Uint8Array): void {
    this.#hash?.update(part)
    this.#left -= part.length
    if (this.#left === 0) this.#endChunk('chunk end')
  }

  #endChunk(next: Expecting): void {
    if (this.#hash !== undefined) this.#signatures?.verifyChunk(this.#signature, this.#hash.digest('hex'))
    this.#expecting = next
  }
}
