import { once } from 'node:events'
import { Agent, type IncomingMessage, request as httpRequest } from 'node:http'
import { type Socket, connect, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import type { Reply } from '@sluice/wire'
import { type LogFields, silentTelemetry } from '#kernel/telemetry.ts'
import { BodyBudget, MAX_BODY_BYTES } from '#gateway/body.ts'
import type { AdminRoutes } from '#gateway/exchange.ts'
import { type HttpServer, listen } from '#gateway/http.ts'
import type { GatewayRequest } from '#gateway/request.ts'

const servers: HttpServer[] = []
const agents: Agent[] = []
afterEach(async () => {
  for (const agent of agents.splice(0)) agent.destroy()
  await Promise.all(servers.splice(0).map((server) => server.close(0)))
})

const text = (body: string, status = 200): Reply => ({ status, headers: { 'content-type': 'text/plain' }, body })

interface Opening {
  /** What stands behind the server; left out: it answers `hello`. */
  readonly handle?: (request: GatewayRequest) => Promise<Reply>
  readonly admin?: AdminRoutes
  readonly budget?: BodyBudget
  readonly host?: string
  readonly port?: number
}

async function open({ handle, admin, budget = new BodyBudget(), host = '127.0.0.1', port = 0 }: Opening = {}) {
  const requests: GatewayRequest[] = []
  const errors: LogFields[] = []
  const server = await listen({
    gateway: {
      handle: (request) => {
        requests.push(request)
        return handle?.(request) ?? Promise.resolve(text('hello'))
      },
      call: () => Promise.reject(new Error('nobody calls from here')),
    },
    admin: admin ?? (() => undefined),
    host,
    port,
    budget,
    certificate: () => Promise.reject(new Error('nobody speaks TLS here')),
    telemetry: { ...silentTelemetry, log: { ...silentTelemetry.log, error: (fields) => errors.push(fields) } },
  })
  servers.push(server)
  return { server, requests, errors, budget, url: server.url, port: Number(new URL(server.url).port) }
}

/** Writes the bytes of a request and reads until the server closes. */
async function raw(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let answer = ''
  socket.on('data', (chunk: Buffer) => {
    answer += chunk.toString('latin1')
  })
  socket.on('error', () => {})
  socket.write(bytes)
  await once(socket, 'close')
  return answer
}

const head = (lines: readonly string[], start = 'POST / HTTP/1.1'): string =>
  `${[start, ...lines].join('\r\n')}\r\n\r\n`

test('the request comes as it was sent: method, raw URL, lower-case headers, body', async () => {
  const { requests, url } = await open()
  await fetch(`${url}/v1/brokers/b%2F1?x=%20y`, { method: 'PUT', body: 'payload', headers: { 'X-Amz-Date': 'now' } })
  const [request] = requests
  expect(request?.head).toMatchObject({ method: 'PUT', rawUrl: '/v1/brokers/b%2F1?x=%20y' })
  expect(request?.head.headers).toMatchObject({ 'x-amz-date': 'now' })
  expect(Buffer.from(request?.body ?? []).toString()).toBe('payload')
})

test('where it came from is known: address, agent and host, and no TLS', async () => {
  const { requests, url, port } = await open()
  await fetch(url, { headers: { 'user-agent': 'aws-cli/2' } })
  expect(requests[0]?.source).toEqual({
    ip: '127.0.0.1',
    userAgent: 'aws-cli/2',
    host: `127.0.0.1:${String(port)}`,
    received: expect.any(Function) as () => number,
  })
  expect(requests[0]?.source.received?.()).toBe(0)
})

test('repeated headers are joined by a comma, as signatures canonicalise them', async () => {
  const { requests, port } = await open()
  await raw(port, head(['Host: localhost', 'X-Amz-Meta: a', 'x-amz-meta: b', 'Content-Length: 0', 'Connection: close']))
  expect(requests[0]?.head.headers['x-amz-meta']).toBe('a,b')
})

test('a header that is called __proto__ is a header like any other', async () => {
  const { requests, port } = await open()
  await raw(port, head(['Host: localhost', '__proto__: x', 'Content-Length: 0', 'Connection: close']))
  expect(Object.getPrototypeOf(requests[0]?.head.headers)).toBeNull()
  expect(requests[0]?.head.headers['__proto__']).toBe('x')
})

test('the answer carries status, headers and length', async () => {
  const { url } = await open({ handle: async () => text('grüße', 201) })
  const answer = await fetch(url)
  expect([answer.status, answer.headers.get('content-type'), answer.headers.get('content-length')]).toEqual([
    201,
    'text/plain',
    '7',
  ])
  expect(await answer.text()).toBe('grüße')
})

test('HEAD has the headers of GET and no body', async () => {
  const { port } = await open({ handle: async () => text('hello') })
  const answer = await raw(port, head(['Host: localhost', 'Connection: close'], 'HEAD / HTTP/1.1'))
  expect(answer).toContain('content-length: 5')
  expect(answer).not.toContain('hello')
})

test('204 says nothing about a length', async () => {
  const { port } = await open({ handle: async () => text('', 204) })
  const answer = await raw(port, head(['Host: localhost', 'Connection: close'], 'DELETE / HTTP/1.1'))
  expect(answer).toContain('204 No Content')
  expect(answer.toLowerCase()).not.toContain('content-length')
})

test('the paths of the platform itself go to it, everything else to the gateway', async () => {
  const admin: AdminRoutes = ({ head: { rawUrl } }) =>
    rawUrl === '/livez' ? Promise.resolve(text('alive')) : undefined
  const { url, requests } = await open({ admin })
  expect(await (await fetch(`${url}/livez`)).text()).toBe('alive')
  expect(await (await fetch(`${url}/other`)).text()).toBe('hello')
  expect(requests).toHaveLength(1)
})

test('a foreign host name is refused before anything is read, unless the request is signed', async () => {
  const { port, requests } = await open()
  const foreign = ['Host: evil.example', 'Content-Length: 0', 'Connection: close']
  expect(await raw(port, head(foreign))).toContain('403 Forbidden')
  expect(requests).toHaveLength(0)
  expect(await raw(port, head([...foreign, 'Authorization: AWS4-HMAC-SHA256 x']))).toContain('200 OK')
  expect(requests).toHaveLength(1)
  for (const query of ['X-Amz-Algorithm=x&X-Amz-Signature=y', 'AWSAccessKeyId=a&Signature=b&Expires=1'])
    expect(await raw(port, head(foreign).replace(' / ', ` /bucket/key?${query} `))).toContain('200 OK')
  expect(requests).toHaveLength(3)
})

test('a body that says it is over the limit hears 413 and is not handed on', async () => {
  const { port, requests } = await open()
  const body = 'x'.repeat(MAX_BODY_BYTES + 1)
  const answer = await raw(port, `${head(['Host: localhost', `Content-Length: ${String(body.length)}`])}${body}`)
  expect(answer).toContain('413 Payload Too Large')
  expect(answer).toContain('connection: close')
  expect(answer).toContain(`longer than ${String(MAX_BODY_BYTES)} bytes`)
  expect(requests).toHaveLength(0)
})

test('a chunked body that grows over the limit hears 413 too', async () => {
  const { port, requests, budget } = await open()
  const piece = 'x'.repeat(MAX_BODY_BYTES / 2 + 1)
  const chunk = `${piece.length.toString(16)}\r\n${piece}\r\n`
  const answer = await raw(port, `${head(['Host: localhost', 'Transfer-Encoding: chunked'])}${chunk}${chunk}0\r\n\r\n`)
  expect(answer).toContain('413 Payload Too Large')
  expect(requests).toHaveLength(0)
  expect(budget.held).toBe(0)
})

test('when all bodies together are too much one hears 503 and may come again', async () => {
  const budget = new BodyBudget(10)
  const { port, url } = await open({ budget })
  budget.take(8)
  expect(await raw(port, `${head(['Host: localhost', 'Content-Length: 5'])}12345`)).toContain('503 Service Unavailable')
  budget.release(8)
  expect((await fetch(url, { method: 'POST', body: '12345' })).status).toBe(200)
  expect(budget.held).toBe(0)
})

test('the body leaves the budget when the answer is made, even a failed one', async () => {
  const answers = [Promise.resolve(text('ok')), Promise.reject(new Error('boom'))]
  answers[1]?.catch(() => {})
  const { url, budget, errors } = await open({ handle: () => answers.shift() ?? Promise.resolve(text('')) })
  await fetch(url, { method: 'POST', body: '12345' })
  await fetch(url, { method: 'POST', body: '12345' }).catch(() => {})
  expect(budget.held).toBe(0)
  expect(errors).toEqual([{ event: 'request_failed', message: 'boom' }])
})

/** One request on a connection that is kept. */
async function kept(
  agent: Agent,
  url: string,
  method: string,
  body = '',
): Promise<{ readonly status: number; readonly localPort: number }> {
  const outgoing = httpRequest(url, { agent, method, headers: { 'content-length': String(Buffer.byteLength(body)) } })
  outgoing.end(body)
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage]
  // The socket is taken off the message when the answer has ended.
  const { localPort = 0 } = answer.socket
  answer.resume()
  await once(answer, 'end')
  return { status: answer.statusCode ?? 0, localPort }
}

const oneConnection = (): Agent => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  agents.push(agent)
  return agent
}

test('a connection goes on after an error was answered on it', async () => {
  const statuses = [400, 500, 200]
  const { url } = await open({ handle: async () => text('answer', statuses.shift()) })
  const agent = oneConnection()
  const answers = [
    await kept(agent, url, 'POST', 'a'),
    await kept(agent, url, 'POST', 'b'),
    await kept(agent, url, 'GET'),
  ]
  expect(answers.map(({ status }) => status)).toEqual([400, 500, 200])
  expect(new Set(answers.map(({ localPort }) => localPort)).size).toBe(1)
})

test('a client that hangs up aborts its request, and that is no error of ours', async () => {
  const aborted = Promise.withResolvers<void>()
  const { port, errors } = await open({
    handle: ({ signal }) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          aborted.resolve()
          resolve(text('nobody reads this'))
        })
      }),
  })
  const socket = connect(port, '127.0.0.1')
  socket.write(head(['Host: localhost', 'Content-Length: 0']))
  await sleep(20)
  socket.destroy()
  await aborted.promise
  expect(errors).toEqual([])
})

test('a client that hangs up in the middle of its body is no error of ours either', async () => {
  const { port, requests, errors, budget, url } = await open()
  const socket = connect(port, '127.0.0.1')
  socket.write(`${head(['Host: localhost', 'Content-Length: 10'])}12345`)
  await sleep(20)
  socket.destroy()
  await sleep(20)
  expect((await fetch(url)).status).toBe(200)
  expect({ requests: requests.length, errors, held: budget.held }).toEqual({ requests: 1, errors: [], held: 0 })
})

test('a port that is taken is said so in one sentence that names the way out', async () => {
  const other = createServer()
  await once(other.listen(0, '127.0.0.1'), 'listening')
  const { port } = other.address() as { readonly port: number }
  await expect(open({ port })).rejects.toThrow(
    `port ${String(port)} on 127.0.0.1 is taken by another program; stop it, or choose another port with --port (0 picks a free one)`,
  )
  other.close()
})

test('an address that is not of this machine is said so', async () => {
  await expect(open({ host: '192.0.2.1' })).rejects.toThrow('cannot listen on 192.0.2.1:0: ')
})

/** A server whose one request is under way until `finish` is called. */
async function busy() {
  const gate = Promise.withResolvers<void>()
  const begun = Promise.withResolvers<void>()
  const opened = await open({
    handle: async () => {
      begun.resolve()
      await gate.promise
      return text('finished')
    },
  })
  return { ...opened, begun: begun.promise, finish: gate.resolve }
}

test('closing lets requests finish and takes no new ones', async () => {
  const { url, server, begun, finish } = await busy()
  const agent = oneConnection()
  const answer = kept(agent, url, 'GET')
  await begun
  const started = performance.now()
  const closing = server.close(30_000)
  await expect(fetch(url)).rejects.toThrow('fetch failed')
  finish()
  expect((await answer).status).toBe(200)
  await closing
  // The connection that was kept alive does not hold the close up until its grace is over.
  expect(performance.now() - started).toBeLessThan(10_000)
})

test('an answer that streams when closing begins may end, and its connection does not outlive it', async () => {
  const gate = Promise.withResolvers<void>()
  const body = async function* () {
    yield Buffer.from('first ')
    await gate.promise
    yield Buffer.from('last')
  }
  const { url, server } = await open({ handle: async () => ({ status: 200, headers: {}, body: body() }) })
  const message = httpRequest(url, { agent: oneConnection() }).end()
  const [response] = (await once(message, 'response')) as [IncomingMessage]
  // Its connection would be cut after a minute, when this test has failed.
  const closing = server.close(60_000)
  gate.resolve()
  expect(Buffer.concat(await response.toArray()).toString()).toBe('first last')
  await closing
})

test('a request that takes longer than the grace is cut', async () => {
  const { url, server, begun, finish } = await busy()
  const answer = fetch(url).then(
    () => 'answered',
    () => 'cut',
  )
  await begun
  await server.close(20)
  expect(await answer).toBe('cut')
  finish()
})

test('an idle connection does not hold up closing', async () => {
  const { port, server } = await open()
  const idle: Socket = connect(port, '127.0.0.1')
  await once(idle, 'connect')
  const ended = once(idle, 'close')
  await server.close(50)
  await ended
})
