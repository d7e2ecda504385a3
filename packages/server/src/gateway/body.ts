import type { IncomingMessage } from 'node:http'

/** Longest body of one request, in bytes: a full PutLogEvents batch of 1 MiB whose every byte is escaped as `\u00XX`, and its frame. */
export const MAX_BODY_BYTES = 8 * 1024 * 1024
/** Bodies held at once by all requests together, in bytes. */
const MAX_HELD_BYTES = 256 * 1024 * 1024

/** A body that is not taken; nothing of the request was carried out. */
export class BodyRefused extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** How many bytes of bodies are in memory; taken before they are read. */
export class BodyBudget {
  readonly #limit: number
  #held = 0

  constructor(limit: number = MAX_HELD_BYTES) {
    this.#limit = limit
  }

  get held(): number {
    return this.#held
  }

  /** @throws BodyRefused 503 when all requests together would hold too much */
  take(bytes: number): void {
    if (this.#held + bytes > this.#limit)
      throw new BodyRefused(503, 'The platform holds as many request bodies as it may; send the request again.')
    this.#held += bytes
  }

  release(bytes: number): void {
    this.#held -= bytes
  }
}

/**
 * Judges a body by the length its request declares, before any of it was sent or read.
 * @throws BodyRefused 413 when it is longer than {@link MAX_BODY_BYTES}; 503 when there is no room for it now
 */
export function checkDeclaredLength(message: IncomingMessage, budget: BodyBudget): void {
  const declared = Number(message.headers['content-length'] ?? 0)
  if (declared > MAX_BODY_BYTES) throw tooLong()
  if (declared > 0) {
    budget.take(declared)
    budget.release(declared)
  }
}

const NO_BYTES = new Uint8Array()

/**
 * A request's body where all of it has come, as that of a small call has with its head; it spares such a call the listeners
 * and the clock of one that is waited for. `undefined`: it has to be read. It stays in the budget until it is released.
 * @throws BodyRefused 503 when all bodies together grow too long
 */
export function bodyAtHand(message: IncomingMessage, budget: BodyBudget): Uint8Array | undefined {
  const { headers, readableLength, destroyed } = message
  const isChunked = headers['transfer-encoding'] !== undefined
  if (isChunked || destroyed || readableLength !== Number(headers['content-length'] ?? 0)) return undefined
  budget.take(readableLength)
  return readableLength === 0 ? NO_BYTES : (message.read(readableLength) as Buffer)
}

/**
 * Reads a request's body into one buffer; what it returns stays in the budget until it is released. By events, since an
 * iterator costs a small call more than its signature does.
 * @throws BodyRefused 413 when it grows longer than {@link MAX_BODY_BYTES}, 503 when all bodies together grow too long; its
 * connection stays, so that the request can be answered
 */
export function readBody(message: IncomingMessage, budget: BodyBudget): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    const take = (chunk: Buffer): void => {
      try {
        if (length + chunk.byteLength > MAX_BODY_BYTES) throw tooLong()
        budget.take(chunk.byteLength)
      } catch (error) {
        fail(error as Error)
        return
      }
      length += chunk.byteLength
      chunks.push(chunk)
    }
    const end = (): void => {
      forget()
      resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, length))
    }
    const fail = (error: Error): void => {
      forget()
      budget.release(length)
      reject(error)
    }
    const forget = (): void => {
      message.off('data', take).off('end', end).off('error', fail)
    }
    // Who hung up before anybody listened is not told of again.
    if (message.destroyed) fail(new Error('aborted'))
    else message.on('data', take).on('end', end).on('error', fail)
  })
}

/** How much of a refused body is read and thrown away, in bytes, and for how long. */
const DISCARDED_BYTES = 64 * 1024 * 1024
const DISCARD_MILLIS = 2_000

/**
 * Throws away the rest of a refused body. A client that is cut off while it sends sees a reset connection and never
 * reads why; one that sends without end is cut off all the same.
 */
export async function discardRest(message: IncomingMessage): Promise<void> {
  if (message.complete || message.destroyed) return
  let left = DISCARDED_BYTES
  await new Promise<void>((resolve) => {
    const enough = (): void => {
      clearTimeout(patience)
      message.pause()
      resolve()
    }
    const patience = setTimeout(enough, DISCARD_MILLIS)
    message.once('end', enough).once('close', enough)
    message.on('data', (chunk: Buffer) => {
      left -= chunk.byteLength
      if (left <= 0) enough()
    })
  })
}

const tooLong = (): BodyRefused =>
  new BodyRefused(413, `The request body is longer than ${String(MAX_BODY_BYTES)} bytes, the most the platform takes.`)
