import { once } from 'node:events'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { type Identified, identify, readInput, readSignature, verifySignature, writeOutput } from '@sluice/wire'
import { PlatformError, platformClient } from '#cli/platform-client.ts'

/** What the server understood of a request whose signature was good. */
interface Understood {
  readonly operation: string
  readonly input: object
  readonly region: string
  readonly accessKeyId: string
}

const SECRET = 'a secret/with+odd=signs'
const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

async function open(answer: (response: ServerResponse) => void = (response) => response.end('{}')) {
  const understood: Understood[] = []
  const serve = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = []
    for await (const chunk of message) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks)
    const head = {
      method: message.method ?? '',
      rawUrl: message.url ?? '',
      headers: message.headers as Record<string, string>,
    }
    const identified = identify(head, body)
    const operation: Identified =
      identified.kind === 'operation'
        ? identified.operation
        : { service: 'mq', operation: 'none', protocol: 'rest-json-1', labels: {} }
    const claim = readSignature(head, operation)
    verifySignature(claim, head, body, SECRET, Date.now(), operation)
    const input = identified.kind === 'operation' ? readInput(operation, head, body) : {}
    understood.push({
      operation: `${operation.service} ${operation.operation}`,
      input,
      region: claim.version === 4 ? claim.region : '',
      accessKeyId: claim.accessKeyId,
    })
    answer(response)
  }
  const server = createServer((message, response) => {
    serve(message, response).catch((error: unknown) => response.writeHead(599).end(String(error)))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  closers.push(() => {
    server.close()
    server.closeAllConnections()
  })
  const endpoint = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
  return {
    understood,
    client: platformClient({ endpoint, region: 'eu-west-1', accessKeyId: 'AKIAME', secret: SECRET }),
  }
}

test('JSON operations are signed and understood', async () => {
  const { client, understood } = await open()
  await client.json('logs', 'CreateLogGroup', { logGroupName: '/a', tags: { team: 'grüße' } })
  await client.json('cloudtrail', 'LookupEvents', { MaxResults: 5 })
  expect(understood).toEqual([
    {
      operation: 'logs CreateLogGroup',
      input: { logGroupName: '/a', tags: { team: 'grüße' } },
      region: 'eu-west-1',
      accessKeyId: 'AKIAME',
    },
    { operation: 'cloudtrail LookupEvents', input: { MaxResults: 5 }, region: 'eu-west-1', accessKeyId: 'AKIAME' },
  ])
})

test('paths of Amazon MQ are signed and understood, with and without a body', async () => {
  const { client, understood } = await open()
  await client.rest('GET', '/v1/brokers?maxResults=5')
  await client.rest('PUT', '/v1/brokers/b-1', { logs: { audit: true } })
  await client.rest('DELETE', '/v1/brokers/b-1')
  expect(understood.map(({ operation, input }) => ({ operation, input }))).toEqual([
    { operation: 'mq ListBrokers', input: { MaxResults: 5 } },
    { operation: 'mq UpdateBroker', input: { BrokerId: 'b-1', Logs: { Audit: true } } },
    { operation: 'mq DeleteBroker', input: { BrokerId: 'b-1' } },
  ])
})

test('paths of the platform itself are signed too, whatever the broker is called', async () => {
  const { client, understood } = await open()
  await client.rest('GET', `/_sluice/why/${encodeURIComponent('my broker/é')}`)
  expect(understood).toHaveLength(1)
})

test('the answer is what was answered; an empty one is an empty object', async () => {
  expect(await (await open((response) => response.end('{"a":1}'))).client.rest('GET', '/v1/brokers')).toEqual({ a: 1 })
  expect(await (await open((response) => response.end())).client.rest('GET', '/v1/brokers')).toEqual({})
})

const failureOf = async (answer: (response: ServerResponse) => void): Promise<unknown> => {
  const { client } = await open(answer)
  return client.rest('GET', '/v1/brokers').catch((error: unknown) => error)
}

test.each([
  {
    name: 'REST: the code in a header',
    answer: (response: ServerResponse) =>
      response.writeHead(404, { 'x-amzn-errortype': 'NotFoundException' }).end('{"message":"no such broker"}'),
    want: { code: 'NotFoundException', status: 404, message: 'no such broker' },
  },
  {
    name: 'JSON: the code in the body',
    answer: (response: ServerResponse) =>
      response.writeHead(400).end('{"__type":"InvalidParameterException","message":"bad"}'),
    want: { code: 'InvalidParameterException', status: 400, message: 'bad' },
  },
  {
    name: 'something in between that speaks no JSON',
    answer: (response: ServerResponse) => response.writeHead(502, 'Bad Gateway').end('<html>'),
    want: { code: 'HTTP 502', status: 502, message: 'Bad Gateway' },
  },
])('what the platform refuses is said in its own words. $name', async ({ answer, want }) => {
  const failure = await failureOf(answer)
  expect(failure).toBeInstanceOf(PlatformError)
  expect(failure).toMatchObject(want)
})

test.each(['<html>', '"text"', '7'])('an answer of %j is none of a platform', async (text) => {
  expect(String(await failureOf((response) => response.end(text)))).toContain('is no platform: its answer is not JSON')
})

test('without a platform it says how to start one', async () => {
  const client = platformClient({
    endpoint: 'http://127.0.0.1:1',
    region: 'us-east-1',
    accessKeyId: 'test',
    secret: 'test',
  })
  await expect(client.rest('GET', '/v1/brokers')).rejects.toThrow(
    'no platform answers at http://127.0.0.1:1; start one with: sluice start',
  )
})

const LIVE_TAIL: Identified = { service: 'logs', operation: 'StartLiveTail', protocol: 'aws-json-1.1', labels: {} }

/** Answers a live tail of these events; what the source throws is the end of the stream. */
async function streaming(events: () => AsyncGenerator<object, void>, wait = false) {
  const { client, understood } = await open((response) => {
    const { status, headers, body } = writeOutput(LIVE_TAIL, { responseStream: events() }, 'r')
    response.writeHead(status, headers)
    const send = async (): Promise<void> => {
      for await (const piece of body as AsyncIterable<Uint8Array>) {
        // In pieces that are no messages.
        response.write(piece.subarray(0, 7))
        response.write(piece.subarray(7))
      }
      if (!wait) response.end()
    }
    void send()
  })
  const interrupted = new AbortController()
  const stream = client.stream('logs', 'StartLiveTail', { logGroupIdentifiers: ['arn'] }, interrupted.signal)
  return { stream, understood, interrupted }
}

const START = { sessionStart: { requestId: 'r' } }

test('a stream of events is read message by message; the error that ends it is said in its own words', async () => {
  const { stream, understood } = await streaming(async function* () {
    yield START
    yield { sessionUpdate: { sessionResults: [{ message: 'grüße' }] } }
    throw Object.assign(new Error('three hours'), { code: 'SessionTimeoutException' })
  })
  const events: unknown[] = []
  const end = await (async () => {
    for await (const event of stream) events.push(event)
  })().catch((error: unknown) => error)
  expect(events).toEqual([
    { type: 'initial-response', payload: {} },
    { type: 'sessionStart', payload: { requestId: 'r' } },
    { type: 'sessionUpdate', payload: { sessionResults: [{ message: 'grüße' }] } },
  ])
  expect(end).toBeInstanceOf(PlatformError)
  expect(end).toMatchObject({ code: 'SessionTimeoutException', message: 'three hours' })
  expect(understood).toMatchObject([{ operation: 'logs StartLiveTail', input: { logGroupIdentifiers: ['arn'] } }])
})

test('a stream that is no longer wanted ends, and one that breaks off says so', async () => {
  const read = async (stop: (interrupted: AbortController) => void): Promise<unknown> => {
    const { stream, interrupted } = await streaming(async function* () {
      yield START
    }, true)
    try {
      for await (const { type } of stream) if (type === 'sessionStart') stop(interrupted)
      return 'the end'
    } catch (error) {
      return error
    }
  }
  expect(await read((interrupted) => interrupted.abort(new Error('enough')))).toEqual(new Error('enough'))
  const broken = await read(() => {
    for (const close of closers.splice(0)) close()
  })
  expect(String(broken)).toBe('Error: the connection to the platform broke off')
})

test('a stream that is refused before it begins is refused like any call', async () => {
  const { client } = await open((response) =>
    response.writeHead(400).end('{"__type":"LimitExceededException","message":"too many"}'),
  )
  const stream = client.stream('logs', 'StartLiveTail', { logGroupIdentifiers: ['a'] }, new AbortController().signal)
  await expect(stream[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'LimitExceededException' })
})
