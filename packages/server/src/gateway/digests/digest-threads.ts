import { availableParallelism } from 'node:os'
import { type BodyDigests, type OpenDigests, digestsHere } from '@sluice/wire'
import type { Telemetry } from '#kernel/telemetry.ts'
import { DigestThread } from '#gateway/digests/digest-thread.ts'

/** Below this many bytes of content a message to a thread costs more than it spares. */
const LARGE_BYTES = 128 * 1024
/** From here on a body is worth starting a thread for, even when it is the only one. */
const LONG_BYTES = 16 * 1024 * 1024
const MOST_THREADS = 4
/** How long threads wait for a further body. */
const IDLE_MILLIS = 10_000

/** Digests bodies beside the thread that everything else runs on. */
export interface DigestThreads {
  readonly open: OpenDigests
  /** Ends them; what is open fails. */
  close(): Promise<void>
}

export interface DigestThreadsOptions {
  readonly telemetry: Telemetry
  /** Left out: as many as there are processors beside the one that reads the bodies, four at most. */
  readonly most?: number
  /** Makes a thread; `ended` is to be called once it is there no more. */
  readonly start?: (ended: (reason: Error) => void) => DigestThread
}

/**
 * A thread takes as long to start as some thirty megabytes to digest, so there is none before large bodies come side by side, or a
 * very large one does, and none any more ten seconds after the last of them.
 */
export function openDigestThreads({
  telemetry,
  most = Math.min(MOST_THREADS, Math.max(1, availableParallelism() - 1)),
  start = (ended) => new DigestThread(ended),
}: DigestThreadsOptions): DigestThreads {
  const threads = new Set<DigestThread>()
  /** How many large bodies are digested on this thread. */
  let here = 0
  let rest: NodeJS.Timeout | undefined

  const add = (): DigestThread => {
    const thread = start((reason) => {
      // One that was stopped is not among them any more.
      if (threads.delete(thread))
        telemetry.log.error({ event: 'digest_thread_failed', message: reason.message, stack: reason.stack })
    })
    threads.add(thread)
    return thread
  }
  const leastBusy = (): DigestThread => {
    const [first] = [...threads].toSorted((a, b) => a.bodies - b.bodies)
    return first === undefined || (first.bodies > 0 && threads.size < most) ? add() : first
  }
  const stopAll = async (): Promise<void> => {
    const stopped = [...threads]
    threads.clear()
    await Promise.all(stopped.map((thread) => thread.stop()))
  }
  const onThread: OpenDigests = (names) => {
    clearTimeout(rest)
    return whenDropped(leastBusy().open(names), () => {
      clearTimeout(rest)
      if ([...threads].every(({ bodies }) => bodies === 0)) rest = setTimeout(() => void stopAll(), IDLE_MILLIS).unref()
    })
  }
  return {
    open(names, length = 0) {
      if (length < LARGE_BYTES) return digestsHere(names, length)
      if (threads.size > 0 || here > 0 || length >= LONG_BYTES) return onThread(names, length)
      here += 1
      return whenDropped(digestsHere(names, length), () => (here -= 1))
    },
    async close() {
      clearTimeout(rest)
      await stopAll()
    },
  }
}

const whenDropped = (digests: BodyDigests, dropped: () => void): BodyDigests => ({
  ...digests,
  drop() {
    digests.drop()
    dropped()
  },
})
