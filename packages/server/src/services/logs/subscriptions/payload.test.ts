import { gzipSync, gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyCharacter } from '@sluice/testkit/any-character.ts'
import {
  type SubscriptionPayload,
  controlMessage,
  decodePayload,
  encodePayload,
  lambdaEvent,
  payloadParts,
} from '#services/logs/subscriptions/payload.ts'

const payload: SubscriptionPayload = {
  messageType: 'DATA_MESSAGE',
  owner: '111122223333',
  logGroup: '/app',
  logStream: 's',
  subscriptionFilters: ['f'],
  logEvents: [{ id: '0'.repeat(56), timestamp: 1, message: 'm', extractedFields: { ip: '127.0.0.1' } }],
}

test('a record is one gzipped JSON object, and a function gets it in base64', async () => {
  const record = await encodePayload(payload)
  expect(JSON.parse(gunzipSync(record).toString())).toEqual(payload)
  const { awslogs } = lambdaEvent(record)
  expect(JSON.parse(gunzipSync(Buffer.from(awslogs.data, 'base64')).toString())).toEqual(payload)
})

test('a control message says so and carries no event of a group', () => {
  expect(controlMessage('Kinesis', 5)).toEqual({
    messageType: 'CONTROL_MESSAGE',
    owner: 'CloudwatchLogs',
    logGroup: '',
    logStream: '',
    subscriptionFilters: [],
    logEvents: [
      { id: '', timestamp: 5, message: 'CWL CONTROL MESSAGE: Checking health of destination Kinesis stream.' },
    ],
  })
  expect(controlMessage('Firehose', 5).logEvents[0]?.message).toMatch(/destination Firehose stream/)
})

const events = fc.array(
  fc.record({
    id: fc.stringMatching(/^\d{56}$/),
    timestamp: fc.nat(),
    message: fc.string({ unit: anyCharacter, minLength: 1, maxLength: 60 }).map((text) => text.toWellFormed()),
  }),
  { maxLength: 20 },
)

test('whatever is encoded is decoded again', async () => {
  await fc.assert(
    fc.asyncProperty(events, async (logEvents) => {
      const sent = { ...payload, logEvents }
      expect(await decodePayload(await encodePayload(sent))).toEqual(sent)
    }),
    { numRuns: 100 },
  )
})

test('what is no payload is refused, a bomb among them', async () => {
  await expect(decodePayload(Buffer.from('no gzip'))).rejects.toThrow(/header/)
  await expect(decodePayload(gzipSync(Buffer.from('x')))).rejects.toThrow(/JSON/)
  await expect(decodePayload(gzipSync(Buffer.alloc(20 * 1024 * 1024)))).rejects.toThrow(/larger than/)
})

test('parts hold every event once, in order, and no more than fits', () => {
  fc.assert(
    fc.property(events, fc.integer({ min: 4_200, max: 5_000 }), (all, most) => {
      const parts = payloadParts(all, most)
      expect(parts.flat()).toEqual(all)
      for (const part of parts) {
        const bytes = Buffer.byteLength(JSON.stringify({ ...payload, logEvents: part }))
        expect(part.length === 1 || bytes <= most).toBe(true)
      }
    }),
    { numRuns: 200 },
  )
})
