import { beforeEach, expect, test } from 'vitest'
import { silentTelemetry } from '#kernel/telemetry.ts'
import { adminRoutes } from '#gateway/admin.ts'
import { requestOf } from '../../../testkit/src/gateway-bench.ts'
import { testingRoutes } from '#gateway/testing-routes.ts'

let offset = 0
beforeEach(() => {
  offset = 0
})
const advanceClock = async (millis: number): Promise<number> => (offset += millis)

async function advance(body: string, headers: Readonly<Record<string, string>> = { 'x-sluice-testing': '1' }) {
  const request = requestOf({ method: 'POST', rawUrl: '/_sluice/clock', headers }, body)
  const reply = await adminRoutes(testingRoutes({ advanceClock }), silentTelemetry)(request)
  return { status: reply?.status, answer: JSON.parse(String(reply?.body)) as unknown }
}

test('the clock moves forward, and the whole offset is answered', async () => {
  expect(await advance('{"advanceMillis":1000}')).toEqual({ status: 200, answer: { offsetMillis: 1_000 } })
  expect(await advance('{"advanceMillis":0}')).toEqual({ status: 200, answer: { offsetMillis: 1_000 } })
  expect(await advance('{"advanceMillis":500}')).toEqual({ status: 200, answer: { offsetMillis: 1_500 } })
})

const OTHER_STEPS = [
  '',
  '{',
  '[]',
  'null',
  '7',
  '{}',
  '{"advanceMillis":"1"}',
  '{"advanceMillis":-1}',
  '{"advanceMillis":0.5}',
  '{"advanceMillis":1e400}',
  '{"advanceMillis":316224000001}',
]
test.each(OTHER_STEPS)('%j is no step and moves nothing', async (body) => {
  expect((await advance(body)).status).toBe(400)
  expect(offset).toBe(0)
})

test('ten years are a step', async () => {
  expect((await advance('{"advanceMillis":316224000000}')).status).toBe(200)
})

test.each([
  { name: 'without the header of testing', headers: {} },
  { name: 'with another value of it', headers: { 'x-sluice-testing': 'true' } },
  { name: 'from a page of any origin', headers: { 'x-sluice-testing': '1', origin: 'http://localhost:4566' } },
  { name: 'from a browser that says so', headers: { 'x-sluice-testing': '1', 'sec-fetch-site': 'same-origin' } },
])('a call $name is refused and moves nothing', async ({ headers }) => {
  expect((await advance('{"advanceMillis":1}', headers)).status).toBe(403)
  expect(offset).toBe(0)
})
