// What the wire adds to the floor: route, verify, read and check, answer. No permission, no record, no store.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  type RequestHead,
  identify,
  readInput,
  readSignature,
  verifySignature,
  writeFault,
  writeOutput,
} from '@sluice/wire'

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const { status, headers, body } = answer(
      { method: request.method ?? '', rawUrl: request.url ?? '', headers: joined(request.rawHeaders) },
      Buffer.concat(chunks),
    )
    if (typeof body !== 'string') throw new Error('the operations of this bench answer text')
    response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) })
    response.end(body)
  })
})

function answer(head: RequestHead, body: Uint8Array): ReturnType<typeof writeOutput> {
  const identified = identify(head, body)
  if (identified.kind === 'unknown') return writeFault(identified.target, identified.fault, 'r')
  const { operation } = identified
  verifySignature(readSignature(head, operation), head, body, 'test', Date.now(), operation)
  readInput(operation, head, body)
  return writeOutput(operation, {}, 'r')
}

function joined(raw: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {}
  for (let at = 0; at + 1 < raw.length; at += 2) headers[(raw[at] ?? '').toLowerCase()] = raw[at + 1] ?? ''
  return headers
}

server.listen(0, '127.0.0.1', () =>
  process.stdout.write(`Endpoint http://127.0.0.1:${String((server.address() as AddressInfo).port)}\nReady.\n`),
)
