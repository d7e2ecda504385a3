import { once } from 'node:events'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { FakeBuckets } from './fake-buckets.ts'
import { type GatewayBench, requestOf } from './gateway-bench.ts'

/** A gateway and fake buckets behind one port. */
export interface FakeBucketServer {
  readonly url: string
  close(): Promise<void>
}

/** Serves what readers of a bucket ask (its region, a list in the first form, objects), and the gateway all else. */
export async function serveBuckets({ gateway }: GatewayBench, buckets: FakeBuckets): Promise<FakeBucketServer> {
  const server = createServer((request, response) => {
    const answer = request.method === 'GET' ? read(buckets, request, response) : pass(gateway, request, response)
    answer.catch((error: unknown) => response.writeHead(500).end(String(error)))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function pass(
  gateway: GatewayBench['gateway'],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await buffer(request)
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
  const reply = await gateway.handle(requestOf({ method: 'POST', rawUrl: request.url ?? '/', headers }, body))
  response.writeHead(reply.status, reply.headers).end(reply.body)
}

async function read(buckets: FakeBuckets, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost')
  const path = decodeURIComponent(url.pathname.slice(1))
  const xml = (text: string): unknown => response.writeHead(200, { 'content-type': 'application/xml' }).end(text)
  if (url.searchParams.has('location')) {
    xml('<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/"/>')
  } else if (!path.includes('/')) {
    xml(listing(buckets, path, url.searchParams))
  } else {
    const object = buckets.objects.get(path)
    if (object === undefined) {
      response.writeHead(404, { 'content-type': 'application/xml' }).end('<Error><Code>NoSuchKey</Code></Error>')
      return
    }
    const metadata = Object.entries(object.input.Metadata ?? {}).map(([name, value]) => [`x-amz-meta-${name}`, value])
    response.writeHead(200, Object.fromEntries(metadata) as Record<string, string>).end(object.bytes)
  }
}

function listing(buckets: FakeBuckets, bucket: string, asked: URLSearchParams): string {
  const prefix = asked.get('prefix') ?? ''
  const keys = buckets
    .keys()
    .filter((path) => path.startsWith(`${bucket}/${prefix}`))
    .map((path) => path.slice(bucket.length + 1))
    .filter((key) => key > (asked.get('marker') ?? ''))
    .toSorted()
  const contents = keys.map((key) => `<Contents><Key>${key}</Key></Contents>`).join('')
  return `<ListBucketResult><Name>${bucket}</Name><IsTruncated>false</IsTruncated>${contents}</ListBucketResult>`
}
