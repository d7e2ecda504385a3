// What runs in a digest thread: as little as that takes, for it is started while a client waits.
import { parentPort } from 'node:worker_threads'
import { type Digest, type DigestName, type LaneText, Md5Lanes, makeDigest } from '@sluice/wire/digests'
import { giveBack } from '#kernel/memory.ts'
import { type FromThread, MOST_AHEAD_BYTES, type ToThread } from '#gateway/digests/messages.ts'

interface OpenBody {
  readonly names: readonly DigestName[]
  readonly digests: ReadonlyMap<DigestName, Digest>
  /** For MD5 that is made together with those of other bodies; it is the last to need a piece. */
  readonly text: LaneText | undefined
}

/** How long what is due waits for what more comes, so that a step takes several bodies. */
const GATHER_MILLIS = 1

/** As much as comes from a socket at once. */
const PIECE_BYTES = 64 * 1024
const NONE = Buffer.alloc(0)
const bodies = new Map<number, OpenBody>()
/** A body must not be held back while its digest waits for company. */
const lanes = new Md5Lanes(MOST_AHEAD_BYTES / 2)
const tell = (message: FromThread): void => parentPort?.postMessage(message, [])

/** Whether a step is due. */
let isStepping = false

/** One after the other, with what came meanwhile in between. */
function step(): void {
  isStepping = lanes.step()
  if (isStepping) setImmediate(step)
}

function stepSoon(): void {
  if (isStepping) return
  isStepping = true
  setTimeout(step, GATHER_MILLIS)
}

function spent(body: number, piece: Uint8Array): void {
  const bytes = piece.byteLength
  giveBack(piece)
  tell({ body, kind: 'taken', bytes })
}

/** One that has no company when it comes is digested by itself, which takes less then. */
function open(body: number, names: readonly DigestName[]): void {
  const text = bodies.size > 0 && names.includes('md5') ? lanes.begin((piece) => spent(body, piece)) : undefined
  const single = names.filter((name) => text === undefined || name !== 'md5')
  bodies.set(body, { names, text, digests: new Map(single.map((name) => [name, makeDigest(name)])) })
}

function take(body: number, { digests, text }: OpenBody, parts: readonly Uint8Array[]): void {
  for (const part of parts) for (const digest of digests.values()) digest.update(part)
  for (const part of parts) {
    if (text === undefined) spent(body, part)
    // Of a piece that is half taken all counts as waiting still, so it must be small.
    else for (let at = 0; at < part.length; at += PIECE_BYTES) text.push(part.subarray(at, at + PIECE_BYTES))
  }
}

function end(body: number, { names, digests, text }: OpenBody): void {
  const told = (md5: Buffer): void =>
    tell({ body, kind: 'digests', digests: names.map((name) => [name, digests.get(name)?.digest() ?? md5] as const) })
  if (text === undefined) told(NONE)
  else text.end(told)
}

parentPort?.on('message', (message: ToThread) => {
  const { body, kind } = message
  if (kind === 'open') {
    open(body, message.names)
    return
  }
  const known = bodies.get(body)
  if (known === undefined) throw new Error(`a ${kind} is of a body that is not open`)
  if (kind === 'take') take(body, known, message.parts)
  else {
    bodies.delete(body)
    if (kind === 'end') end(body, known)
    else known.text?.drop()
  }
  if (known.text !== undefined) stepSoon()
})
