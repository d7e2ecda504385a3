import { afterAll, beforeAll, expect, test } from 'vitest'
import { type LogsBench, openLogsBench } from '../../../../../testkit/src/logs-bench.ts'

let bench: LogsBench
beforeAll(() => {
  bench = openLogsBench()
})
afterAll(() => bench.close())

const LINES = [
  '127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /apache_pb.gif HTTP/1.0" 200 1534',
  '127.0.0.1 - frank [10/Oct/2000:13:35:22 -0700] "GET /apache_pb.gif HTTP/1.0" 500 5324',
  '127.0.0.1 - frank [10/Oct/2000:13:50:35 -0700] "GET /apache_pb.html HTTP/1.0" 404 4355',
]
const run = async (filterPattern: string, logEventMessages: readonly string[] = LINES) =>
  (await bench.call('TestMetricFilter', { filterPattern, logEventMessages })).matches ?? []
const numbers = async (pattern: string) => (await run(pattern)).map(({ eventNumber }) => eventNumber)

test('matches are numbered over all messages, and their fields extracted', async () => {
  expect(await run('[ip, identity, user_id, timestamp, request, status_code = 5*, size]')).toEqual([
    {
      eventNumber: 1,
      eventMessage: LINES[1],
      extractedValues: {
        $ip: '127.0.0.1',
        $identity: '-',
        $user_id: 'frank',
        $timestamp: '10/Oct/2000:13:35:22 -0700',
        $request: 'GET /apache_pb.gif HTTP/1.0',
        $status_code: '500',
        $size: '5324',
      },
    },
  ])
  expect(await numbers('[..., request=*.html*, status_code=4*,]')).toEqual([2])
  expect(await numbers('[..., size < 5000]')).toEqual([0, 2])
  expect(await numbers('[]')).toEqual([0, 1, 2])
})

test('terms extract nothing, JSON what its selectors find', async () => {
  expect(await run('"[ERROR]" Exception', ['x', '[ERROR] Caught InvalidQueryException'])).toEqual([
    { eventNumber: 1, eventMessage: '[ERROR] Caught InvalidQueryException', extractedValues: {} },
  ])
  expect(await run('{ $.a.b > 1 && $.c NOT EXISTS }', ['{"a":{"b":2}}', '{"a":{"b":2},"c":0}', 'no'])).toEqual([
    { eventNumber: 0, eventMessage: '{"a":{"b":2}}', extractedValues: { '$.a.b': '2' } },
  ])
})

test('what is no pattern is refused', async () => {
  await expect(run('[a = 1 && b = 2]')).rejects.toMatchObject({
    code: 'InvalidParameterException',
    message: 'Invalid metric filter pattern',
  })
})
