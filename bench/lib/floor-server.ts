// The floor: the least that any server of signed JSON requests must do. node:http, SHA-256 of the body, JSON.parse.
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const body = Buffer.concat(chunks)
    createHash('sha256').update(body).digest('hex')
    if (body.byteLength > 0 && body[0] === 0x7b) JSON.parse(body.toString('utf8'))
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1', 'content-length': 2 })
    response.end('{}')
  })
})
server.listen(0, '127.0.0.1', () =>
  process.stdout.write(`Endpoint http://127.0.0.1:${String((server.address() as AddressInfo).port)}\nReady.\n`),
)
