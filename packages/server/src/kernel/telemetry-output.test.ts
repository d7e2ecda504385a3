import { expect, test } from 'vitest'
import { openTelemetry } from '#kernel/telemetry-output.ts'

const opened = (level: 'debug' | 'info' | 'warn' | 'error' = 'info') => {
  const lines: Record<string, unknown>[] = []
  const write = (line: string): void => {
    lines.push(JSON.parse(line) as Record<string, unknown>)
  }
  return { telemetry: openTelemetry({ level, destination: { write } }), lines }
}

const seriesOf = (text: string, name: string): readonly string[] =>
  text.split('\n').filter((line) => line.startsWith(name))

test('a log line is one JSON object with a level, a time and its fields', () => {
  const { telemetry, lines } = opened()
  telemetry.log.warn({ event: 'backlog', bytes: 7 })
  expect(lines).toEqual([
    { level: 40, time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string, event: 'backlog', bytes: 7 },
  ])
})

test('lines below the level are not written', () => {
  const { telemetry, lines } = opened('warn')
  telemetry.log.debug({ event: 'a' })
  telemetry.log.info({ event: 'b' })
  telemetry.log.warn({ event: 'c' })
  telemetry.log.error({ event: 'd' })
  expect(lines.map((line) => line['event'])).toEqual(['c', 'd'])
})

test('a text with a line break cannot forge a second line', () => {
  const { telemetry, lines } = opened()
  telemetry.log.error({ event: 'a', message: 'x\n{"level":30,"event":"forged"}' })
  expect(lines).toHaveLength(1)
})

test('counters add up per set of labels, under the prefix of the platform', async () => {
  const { telemetry } = opened()
  telemetry.meter.add('requests_total', 1, { service: 'mq' })
  telemetry.meter.add('requests_total', 2, { service: 'mq' })
  telemetry.meter.add('requests_total', 1, { service: 'logs' })
  const { text, contentType } = await telemetry.metrics()
  expect(contentType).toContain('text/plain')
  expect(seriesOf(text, 'sluice_requests_total{')).toEqual([
    'sluice_requests_total{service="mq"} 3',
    'sluice_requests_total{service="logs"} 1',
  ])
})

test('a gauge shows its last value, a histogram counts by bucket', async () => {
  const { telemetry } = opened()
  telemetry.meter.set('waiting_bytes', 5)
  telemetry.meter.set('waiting_bytes', 3)
  telemetry.meter.observeSeconds('request_seconds', 0.02)
  const { text } = await telemetry.metrics()
  expect(seriesOf(text, 'sluice_waiting_bytes')).toEqual(['sluice_waiting_bytes 3'])
  expect(text).toContain('sluice_request_seconds_bucket{le="0.01"} 0')
  expect(text).toContain('sluice_request_seconds_bucket{le="0.025"} 1')
})

test('two platforms in one process keep their metrics apart', async () => {
  const one = opened().telemetry
  const other = opened().telemetry
  one.meter.add('requests_total', 1)
  other.meter.add('requests_total', 5)
  expect(seriesOf((await one.metrics()).text, 'sluice_requests_total')).toEqual(['sluice_requests_total 1'])
})
