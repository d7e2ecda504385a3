import type { IncomingMessage } from 'node:http'
import { type ByteStream, type RequestHead, identifyHead, serviceModel } from '@sluice/wire'
import { giveBack } from '#kernel/memory.ts'

/** Whether the operation that a head names takes its body as it comes. Only uploads do, and these are all PUT. */
export function takesStream(head: RequestHead, hosts: readonly string[]): boolean {
  if (head.method !== 'PUT' || isOwnPath(head.rawUrl)) return false
  const identified = identifyHead(head, { hosts })
  if (identified.kind !== 'operation') return false
  const { service, operation } = identified.operation
  return serviceModel(service).isStreamed(operation)
}

/** The platform's own paths begin with an underscore, which no bucket's name does. */
const isOwnPath = (rawUrl: string): boolean => rawUrl.startsWith('/_')

export interface StreamedBody {
  readonly stream: ByteStream
  /** Whether the client was told to send, or did so without asking. */
  readonly isSent: () => boolean
  /** Whether all of it was read. */
  readonly isRead: () => boolean
  /** How many bytes of it came. */
  readonly received: () => number
}

export interface StreamedBodyOptions {
  /** Tells a client that waits for it to send; called when the first byte is wanted. */
  readonly proceed: (() => void) | undefined
  /** How long the client may take for {@link LEAST_BYTES}. */
  readonly patienceMillis: number
  /** Called when it took longer; the connection is to end. */
  readonly tooSlow: () => void
}

/** What a client must send in each span of patience: about half a kilobyte a second. */
const LEAST_BYTES = 64 * 1024

/** A request's body as it comes, held back by its reader; a client that only trickles is cut off. */
export function streamedBody(message: IncomingMessage, options: StreamedBodyOptions): StreamedBody {
  let wanted = false
  let received = 0
  async function* read(): AsyncGenerator<Uint8Array, void> {
    wanted = true
    options.proceed?.()
    const watch = watchRate(options)
    try {
      // Leaving early must not take the connection along: the request is still to be answered.
      for await (const piece of message.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
        received += piece.byteLength
        watch.came(piece.byteLength)
        yield piece
        watch.wanted()
      }
    } finally {
      watch.end()
    }
  }
  const reading = read()
  return {
    // A large body leaves as many pieces behind as it has bytes, which the collector would have to chase.
    stream: { [Symbol.asyncIterator]: () => reading, spent: giveBack },
    isSent: () => wanted || options.proceed === undefined,
    received: () => received,
    isRead: () => message.complete && (wanted || message.readableLength === 0),
  }
}

/** Counts what comes while somebody waits for it; time that the reader takes for itself is not the client's. */
function watchRate({ patienceMillis, tooSlow }: StreamedBodyOptions): {
  came(bytes: number): void
  wanted(): void
  end(): void
} {
  let bytes = 0
  let waiting = true
  const timer = setInterval(() => {
    if (waiting && bytes < LEAST_BYTES) tooSlow()
    bytes = 0
  }, patienceMillis)
  return {
    came(length) {
      bytes += length
      waiting = false
    },
    wanted() {
      waiting = true
    },
    end: () => clearInterval(timer),
  }
}
