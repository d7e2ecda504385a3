import { expect, test } from 'vitest'
import { LagTotal } from '#delivery/pump/lag-total.ts'
import { recordingTelemetry } from '#delivery/testing/broker-logs.ts'

test('the metric is the sum over all deliveries', () => {
  const telemetry = recordingTelemetry()
  const lag = new LagTotal(telemetry)
  lag.report('a', 10)
  lag.report('b', 5)
  lag.report('a', 3)
  expect(telemetry.counts.get('delivery_lag_bytes')).toBe(8)
  lag.report('b', 0)
  expect(telemetry.counts.get('delivery_lag_bytes')).toBe(3)
})
