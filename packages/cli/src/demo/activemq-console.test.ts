import { once } from 'node:events'
import { type IncomingMessage, type ServerResponse } from 'node:http'
import { type Server, createServer } from 'node:https'
import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openCertificateAuthority } from '../../../server/src/kernel/ca.ts'
import { type ConsoleClient, ConsoleError, activemqConsole } from '#cli/demo/activemq-console.ts'

/** One request as the console saw it. */
interface Seen {
  readonly what: string
  readonly form: string
  readonly authorization: string | undefined
  readonly cookie: string | undefined
}

let directory: string
let server: Server
let caPem: string
let seen: Seen[]
let inFlight = 0
let mostInFlight = 0
let answer: (request: Seen, response: ServerResponse) => void

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'console-'))
  const authority = await openCertificateAuthority(directory)
  caPem = authority.certificatePem
  const { chainPem, privateKeyPem } = await authority.issue({ commonName: 'console', ipAddresses: ['127.0.0.1'] })
  server = createServer({ cert: chainPem, key: privateKeyPem }, (message, response) => void serve(message, response))
  await once(server.listen(0, '127.0.0.1'), 'listening')
})
afterAll(() => {
  server.close()
  server.closeAllConnections()
  rmSync(directory, { recursive: true, force: true })
})

/** Jetty's console as far as it matters: each page carries a new secret, an action needs the newest and sends on. */
beforeEach(() => {
  seen = []
  mostInFlight = 0
  let secrets = 0
  answer = ({ what, form }, response) => {
    const secret = `s-${String(secrets)}`
    if (what.includes('.jsp')) {
      secrets += 1
      response.setHeader('set-cookie', 'JSESSIONID=session; Path=/admin; HttpOnly')
      response.end(`<input type="hidden" name="secret" value="s-${String(secrets)}"/>`)
      return
    }
    const given = new URLSearchParams(form === '' ? what.slice(what.indexOf('?')) : form).get('secret')
    response.writeHead(given === secret ? 302 : 500).end()
  }
})

async function serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
  inFlight += 1
  mostInFlight = Math.max(mostInFlight, inFlight)
  let form = ''
  for await (const chunk of message) form += String(chunk)
  const request = {
    what: `${message.method ?? ''} ${message.url ?? ''}`,
    form,
    authorization: message.headers.authorization,
    cookie: message.headers.cookie,
  }
  seen.push(request)
  answer(request, response)
  inFlight -= 1
}

const open = (): ConsoleClient =>
  activemqConsole({
    consoleUrl: `https://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    username: 'bob',
    password: 'grüße',
    caPem,
  })

test('a queue is created through the form of the page, with the secret that the page carried', async () => {
  await open().createQueue('ORDERS')
  expect(seen.map(({ what }) => what)).toEqual(['GET /admin/queues.jsp', 'POST /admin/createDestination.action'])
  expect(Object.fromEntries(new URLSearchParams(seen[1]?.form))).toEqual({
    JMSDestination: 'ORDERS',
    JMSDestinationType: 'queue',
    secret: 's-1',
  })
})

test('purging and deleting are links, as on the page', async () => {
  const console_ = open()
  await console_.purgeQueue('A&B')
  await console_.deleteQueue('A&B')
  expect(seen.map(({ what }) => what)).toEqual([
    'GET /admin/queues.jsp',
    'GET /admin/purgeDestination.action?JMSDestination=A%26B&JMSDestinationType=queue&secret=s-1',
    'GET /admin/queues.jsp',
    'GET /admin/deleteDestination.action?JMSDestination=A%26B&JMSDestinationType=queue&secret=s-2',
  ])
})

test('a message is sent through its own page', async () => {
  await open().sendMessage('ORDERS', 'hello & goodbye')
  expect(seen[0]?.what).toBe('GET /admin/send.jsp')
  expect(Object.fromEntries(new URLSearchParams(seen[1]?.form))).toMatchObject({
    JMSDestination: 'ORDERS',
    JMSText: 'hello & goodbye',
  })
})

test('every request carries the user, and the session once there is one', async () => {
  await open().createQueue('ORDERS')
  const basic = `Basic ${Buffer.from('bob:grüße').toString('base64')}`
  expect(seen.map(({ authorization, cookie }) => [authorization, cookie])).toEqual([
    [basic, undefined],
    [basic, 'JSESSIONID=session'],
  ])
})

test('calls run one after the other, since each page makes earlier secrets worthless', async () => {
  const console_ = open()
  await Promise.all(['A', 'B', 'C'].map((name) => console_.createQueue(name)))
  expect([seen.length, mostInFlight]).toEqual([6, 1])
})

test('a call that fails does not keep later ones from their turn', async () => {
  const good = answer
  answer = (_request, response) => response.writeHead(401).end()
  const console_ = open()
  const failed = console_.createQueue('A').catch((error: unknown) => error)
  expect(await failed).toBeInstanceOf(ConsoleError)
  expect(await failed).toMatchObject({ status: 401, message: 'the web console answered 401 to queues.jsp' })
  answer = good
  await console_.createQueue('A')
})

test('an action that does not send the browser on has failed', async () => {
  const pages = answer
  answer = (request, response) =>
    request.what.includes('.action') ? response.writeHead(200).end('<h2>Error!</h2>') : pages(request, response)
  await expect(open().createQueue('A')).rejects.toThrow('the web console answered 200 to createDestination.action')
})

test('a page without a form is said so', async () => {
  answer = (_request, response) => response.end('<html></html>')
  await expect(open().createQueue('A')).rejects.toThrow('the page queues.jsp of the web console holds no form')
})

test("a console whose certificate is not of the platform's authority is not talked to", async () => {
  const other = await openCertificateAuthority(join(directory, 'other'))
  const client = activemqConsole({
    consoleUrl: `https://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    username: 'bob',
    password: 'x',
    caPem: other.certificatePem,
  })
  await expect(client.page('queues.jsp')).rejects.toThrow('certificate')
  expect(seen).toEqual([])
})
