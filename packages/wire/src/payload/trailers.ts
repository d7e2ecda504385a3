import { throwFault } from '../fault.ts'
import type { ChunkSignatures } from '../sigv4/chunk-signatures.ts'
import { framingFaults } from './faults.ts'
import type { AwsChunkedFraming } from './plan.ts'

const SIGNATURE = 'x-amz-trailer-signature'
const SIGNATURE_VALUE = /^[0-9a-f]{64}$/
const TRAILER = /^([a-z0-9-]+):[ \t]*([!-~]*)[ \t]*\n?$/

/** The headers after the last chunk: those that were announced, each once, and the signature of them all at the end. */
export class Trailers {
  readonly #framing: AwsChunkedFraming
  readonly #signatures: ChunkSignatures | undefined
  readonly #values = new Map<string, string>()
  #signature: string | undefined

  constructor(framing: AwsChunkedFraming, signatures: ChunkSignatures | undefined) {
    this.#framing = framing
    this.#signatures = signatures
  }

  get values(): ReadonlyMap<string, string> {
    return this.#values
  }

  /** @throws WireError when the line is not a header that may come here */
  add(line: string): void {
    const { trailers, announced } = this.#framing
    // A line feed of its own before the line's end is what minio-go writes, after an example of AWS's.
    const [, name = '', value = ''] = TRAILER.exec(line) ?? []
    if (!trailers || this.#signature !== undefined) throwFault(framingFaults.trailer)
    if (name === SIGNATURE && this.#signatures !== undefined && SIGNATURE_VALUE.test(value)) {
      this.#signature = value
      return
    }
    if (!announced.includes(name) || this.#values.has(name)) throwFault(framingFaults.trailer)
    this.#values.set(name, value)
  }

  /** @throws WireError when one is missing, or the signature of them all is wrong */
  end(): void {
    const { trailers, announced } = this.#framing
    if (!announced.every((name) => this.#values.has(name))) throwFault(framingFaults.trailer)
    if (this.#signatures === undefined || !trailers) return
    if (this.#signature === undefined) return throwFault(framingFaults.trailer)
    this.#signatures.verifyTrailers(this.#signature, this.#canonical())
  }

  #canonical(): string {
    return [...this.#values]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => `${name}:${value}\n`)
      .join('')
  }
}
