import { Readable } from 'node:stream'
import { CloudWatchLogsClient, StartLiveTailCommand } from '@aws-sdk/client-cloudwatch-logs'
import { afterAll, expect, test } from 'vitest'
import { encodeError, encodeEvent, encodeException, encodeInitialResponse } from './encode.ts'

let pieces: readonly Uint8Array[] = []
const client = new CloudWatchLogsClient({
  region: 'us-east-1',
  endpoint: 'http://127.0.0.1:4566',
  credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
  requestHandler: {
    handle: () =>
      Promise.resolve({
        response: {
          statusCode: 200,
          headers: { 'content-type': 'application/vnd.amazon.eventstream' },
          body: Readable.from(pieces),
        },
      }),
    destroy: () => {},
    updateHttpClientConfig: () => {},
    httpHandlerConfigs: () => ({}),
  },
})
afterAll(() => client.destroy())

const JSON_TYPE = 'application/json'
const json = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value))
const start = [
  encodeInitialResponse(JSON_TYPE, json({})),
  encodeEvent('sessionStart', JSON_TYPE, json({ sessionId: 's', logGroupIdentifiers: ['g'] })),
  encodeEvent('sessionUpdate', JSON_TYPE, json({ sessionResults: [{ message: 'é😀', timestamp: 5 }] })),
]

/** What the official client makes of a stream that comes in pieces of `size` bytes. */
async function tail(messages: readonly Uint8Array[], size: number): Promise<unknown[]> {
  const bytes = Buffer.concat(messages)
  pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  )
  const { responseStream } = await client.send(new StartLiveTailCommand({ logGroupIdentifiers: ['arn:aws:logs:g'] }))
  return Array.fromAsync(responseStream ?? [])
}

test.each([1_000_000, 7])('the official client reads the events, in pieces of %i bytes', async (size) => {
  expect(await tail(start, size)).toEqual([
    { sessionStart: { sessionId: 's', logGroupIdentifiers: ['g'] } },
    { sessionUpdate: { sessionResults: [{ message: 'é😀', timestamp: 5 }] } },
  ])
})

test('the official client throws the errors that end a stream', async () => {
  const ended = encodeException('SessionTimeoutException', JSON_TYPE, json({ message: 'over' }))
  await expect(tail([...start, ended], 100)).rejects.toMatchObject({ name: 'SessionTimeoutException', message: 'over' })
  await expect(tail([...start, encodeError('InternalFailure', 'broken')], 100)).rejects.toThrow('broken')
})
