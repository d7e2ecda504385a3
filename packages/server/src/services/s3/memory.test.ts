import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { readdirSync, statSync } from 'node:fs'
import { type IncomingMessage, type ServerResponse, request } from 'node:http'
import { join } from 'node:path'
import { signRequest } from '@sluice/wire'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { useS3 } from '../../../../testkit/src/s3-bench.ts'

const { bench, Bucket } = useS3('large')
const MEBIBYTE = 1024 * 1024
const PIECE_BYTES = 256 * 1024
const CONTENT = Buffer.alloc(32 * MEBIBYTE, 'content')
/** What may be on its way between a socket and the disk: two gathered writes, and what the network brought meanwhile. */
const MOST_BYTES = 3 * MEBIBYTE

/** The exchange as the server has it. */
let served: { readonly request: IncomingMessage; readonly response: ServerResponse } | undefined
const note = (message: unknown): void => {
  served = message as typeof served
}
beforeEach(() => subscribe('http.server.request.start', note))
afterEach(() => unsubscribe('http.server.request.start', note))

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

/** A signed request whose body is still to be sent. */
function ask(method: string, body: Uint8Array) {
  const url = `${bench().url}/${Bucket}/k`
  const signing = { service: 's3', region: 'us-east-1', accessKeyId: '111122223333', secret: 'test' }
  const headers = { 'content-length': String(body.length) }
  return request(url, { method, headers: signRequest({ method, url, headers, body, ...signing }) })
}

/** How much of the object lies on the disk. */
function onDisk(): number {
  const incoming = join(bench().objects, 'incoming')
  return readdirSync(incoming).reduce(
    (sum, name) => sum + (statSync(join(incoming, name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  )
}

/** Stores the object, and gives the most bytes that had come and were not on the disk. */
async function upload(): Promise<number> {
  const sent = ask('PUT', CONTENT)
  const answered = once(sent, 'response')
  let most = 0
  for (let from = 0; from < CONTENT.length; from += PIECE_BYTES) {
    if (!sent.write(CONTENT.subarray(from, from + PIECE_BYTES))) await once(sent, 'drain')
    await turn()
    // What is on the disk is looked at last: a write that ends in between makes it look like less, never like more.
    most = Math.max(most, (served?.request.socket.bytesRead ?? 0) - onDisk())
  }
  sent.end()
  const [{ statusCode }] = (await answered) as [IncomingMessage]
  expect(statusCode).toBe(200)
  return most
}

test('of an upload no more than a few megabytes are held, however large it is', async () => {
  expect(await upload()).toBeLessThan(MOST_BYTES)
})

test('of a download that its client does not read hardly anything is held', async () => {
  await upload()
  const sent = ask('GET', Buffer.alloc(0))
  sent.end()
  const [answer] = (await once(sent, 'response')) as [IncomingMessage]
  const waiting = (): number => served?.response.writableLength ?? Number.NaN
  // The network takes no more, and then long enough for all of it to be read from the disk, if nothing held that back.
  while (waiting() === 0) await turn()
  let most = 0
  for (let n = 0; n < 500; n += 1) {
    await turn()
    most = Math.max(most, waiting())
  }
  let read = 0
  for await (const piece of answer as AsyncIterable<Buffer>) read += piece.length
  expect(read).toBe(CONTENT.length)
  expect(most).toBeLessThan(MEBIBYTE)
})
