import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { BodyBudget, MAX_BODY_BYTES } from '#gateway/body.ts'
import { SCHEMES, readAll, requestHead, textReply, useBenches } from '../../../testkit/src/port-bench.ts'

const open = useBenches()
const HOST = 'Host: localhost'
const EXPECT = 'Expect: 100-continue'
const LOGS = 'X-Amz-Target: Logs_20140328.PutLogEvents'

/** Reads until the text has come. */
async function until(received: () => string, text: string): Promise<void> {
  for (let tries = 0; !received().includes(text); tries += 1) {
    if (tries > 200) throw new Error(`${JSON.stringify(text)} did not come, but ${JSON.stringify(received())}`)
    await sleep(5)
  }
}

describe.each(SCHEMES)('over %s', (scheme) => {
  const openAndDial = async (...options: Parameters<typeof open>) => {
    const bench = await open(...options)
    const socket = await bench.dial(scheme)
    let text = ''
    socket.on('data', (bytes: Buffer) => {
      text += bytes.toString('latin1')
    })
    return { ...bench, socket, received: () => text }
  }

  test('a client that asks before it sends its body is told to continue', async () => {
    const { socket, received, requests } = await openAndDial()
    socket.write(requestHead([HOST, EXPECT, 'Content-Length: 5']))
    await until(received, 'HTTP/1.1 100 Continue\r\n\r\n')
    expect(requests).toHaveLength(0)
    socket.write('hello')
    await until(received, '200 OK')
    expect(Buffer.from(requests[0]?.body ?? []).toString()).toBe('hello')
  })

  test.each([
    { name: 'a body that is too long', lines: [HOST, `Content-Length: ${String(MAX_BODY_BYTES + 1)}`], status: 413 },
    { name: 'a foreign host', lines: ['Host: evil.example', 'Content-Length: 5'], status: 403 },
    {
      name: 'a page of a foreign origin',
      lines: [HOST, 'Origin: https://evil.example', 'Content-Length: 5'],
      status: 403,
    },
  ])('$name is refused before the body is sent, and the connection ends with it', async ({ lines, status }) => {
    const { exchange, requests } = await open()
    const answer = await exchange(scheme, requestHead([...lines, EXPECT]))
    expect(answer).toContain(`HTTP/1.1 ${String(status)} `)
    expect(answer).toContain('connection: close')
    expect(answer).not.toContain('100 Continue')
    expect(requests).toHaveLength(0)
  })

  test('an expectation that nobody knows hears 417', async () => {
    const { socket, received } = await openAndDial()
    socket.write(requestHead([HOST, 'Expect: miracles', 'Content-Length: 0']))
    await until(received, 'HTTP/1.1 417 ')
  })

  test('a body that is too long hears it in the protocol of its service', async () => {
    const { exchange } = await open()
    const answer = await exchange(
      scheme,
      requestHead([HOST, LOGS, EXPECT, `Content-Length: ${String(MAX_BODY_BYTES + 1)}`]),
    )
    expect(answer).toContain('content-type: application/x-amz-json-1.1')
    expect(answer).toContain('"__type":"RequestEntityTooLargeException"')
  })

  test('so does one for which there is no room now, and a client that asked first can come again', async () => {
    const budget = new BodyBudget(10)
    const { exchange } = await open({ budget })
    budget.take(8)
    const full = await exchange(scheme, requestHead([HOST, LOGS, EXPECT, 'Content-Length: 5']))
    expect(full).toContain('HTTP/1.1 503 ')
    expect(full).toContain('"__type":"ServiceUnavailableException"')
    expect(budget.held).toBe(8)
  })

  test('pipelined requests are answered in their order', async () => {
    const { exchange } = await open({
      handle: async ({ head }) => {
        await sleep(head.rawUrl === '/slow' ? 30 : 0)
        return textReply(`<${head.rawUrl}>`)
      },
    })
    const get = (path: string, ...lines: string[]): string => requestHead([HOST, ...lines], `GET ${path} HTTP/1.1`)
    const answer = await exchange(scheme, get('/slow') + get('/second') + get('/third', 'Connection: close'))
    expect(answer.match(/<.*>/g)).toEqual(['</slow>', '</second>', '</third>'])
  })

  test('of too many pipelined requests the rest is turned away and the connection ends', async () => {
    const { exchange, requests } = await open({
      limits: { pipelined: 3 },
      handle: async () => {
        await sleep(30)
        return textReply('served')
      },
    })
    const answer = await exchange(scheme, requestHead([HOST], 'GET / HTTP/1.1').repeat(10))
    expect(answer.match(/served/g)).toHaveLength(3)
    expect(answer.match(/HTTP\/1\.1 503 /g)).toHaveLength(1)
    expect(requests).toHaveLength(3)
  })

  test('a client that does not read its answer is cut in time', async () => {
    const size = 32 * 1024 * 1024
    const cut = Promise.withResolvers<void>()
    const { dial, exchange } = await open({
      limits: { unreadMillis: 80 },
      handle: async ({ head, signal }) => {
        if (head.rawUrl !== '/large') return textReply('small')
        signal.addEventListener('abort', () => cut.resolve())
        return textReply('x'.repeat(size))
      },
    })
    const socket = await dial(scheme)
    socket.pause()
    socket.write(requestHead([HOST], 'GET /large HTTP/1.1'))
    await cut.promise
    const received = readAll(socket)
    socket.resume()
    expect((await received).length).toBeLessThan(size)
    expect(await exchange(scheme, requestHead([HOST, 'Connection: close'], 'GET / HTTP/1.1'))).toContain('small')
  })

  test('a client that reads slowly but reads gets all of it', async () => {
    const size = 2 * 1024 * 1024
    const { dial } = await open({ limits: { unreadMillis: 300 }, handle: async () => textReply('x'.repeat(size)) })
    const socket = await dial(scheme)
    let received = 0
    socket.on('data', (bytes: Buffer) => {
      received += bytes.byteLength
      socket.pause()
      setTimeout(() => socket.resume(), 2)
    })
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.write(requestHead([HOST, 'Connection: close'], 'GET / HTTP/1.1'))
    await closed
    expect(received).toBeGreaterThan(size)
  })

  test('a page of this machine may read the answer; its preflight needs no signature and reaches nobody', async () => {
    const { exchange, requests } = await open({ corsOrigins: ['https://app.example'] })
    const page = [HOST, 'Origin: https://app.example', 'Connection: close']
    const asked = ['Access-Control-Request-Method: POST', 'Access-Control-Request-Headers: authorization']
    const preflight = await exchange(scheme, requestHead([...page, ...asked], 'OPTIONS / HTTP/1.1'))
    expect(preflight).toContain('HTTP/1.1 204 No Content')
    expect(preflight).toContain('access-control-allow-headers: authorization')
    expect(requests).toHaveLength(0)
    const answer = await exchange(scheme, requestHead([...page, 'Content-Length: 0']))
    expect(answer).toContain('access-control-allow-origin: https://app.example')
    expect(answer).toContain('access-control-expose-headers: content-type, content-length, date')
    expect(requests).toHaveLength(1)
  })
})
