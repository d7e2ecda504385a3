// What runs in a digest thread: as little as that takes, for it is started while a client waits.
import { parentPort } from 'node:worker_threads'
import { type Digest, type DigestName, makeDigest } from '@sluice/wire/digests'
import { giveBack } from '#kernel/memory.ts'
import type { FromThread, ToThread } from '#gateway/digests/messages.ts'

const bodies = new Map<number, ReadonlyMap<DigestName, Digest>>()
const tell = (message: FromThread): void => parentPort?.postMessage(message, [])

parentPort?.on('message', (message: ToThread) => {
  const { body, kind } = message
  if (kind === 'open') {
    bodies.set(body, new Map(message.names.map((name) => [name, makeDigest(name)])))
    return
  }
  const digests = bodies.get(body)
  if (digests === undefined) throw new Error(`a ${kind} is of a body that is not open`)
  if (kind === 'take') {
    let bytes = 0
    for (const part of message.parts) {
      for (const digest of digests.values()) digest.update(part)
      bytes += part.byteLength
    }
    message.parts.forEach(giveBack)
    tell({ body, kind: 'taken', bytes })
    return
  }
  bodies.delete(body)
  if (kind === 'end')
    tell({ body, kind: 'digests', digests: [...digests].map(([name, made]) => [name, made.digest()]) })
})
