import { expect, test } from 'vitest'
import { RESTART_TUNING, RestartPolicy } from '#services/mq/reconciler/restart-policy.ts'

const fresh = () => {
  const clock = { at: 1_000_000, now: () => clock.at }
  return { clock, policy: new RestartPolicy(clock, RESTART_TUNING) }
}

test('a broker that never failed may be started at once', () => {
  expect(fresh().policy.waitMillis).toBe(0)
})

test('waits grow with every failure in a row, up to a minute', () => {
  const { policy } = fresh()
  const waits = Array.from({ length: 8 }, () => {
    policy.failed('no')
    return policy.waitMillis
  })
  expect(waits).toEqual([1_000, 2_000, 5_000, 15_000, 30_000, 60_000, 60_000, 60_000])
})

test('a wait runs out with the clock', () => {
  const { clock, policy } = fresh()
  policy.failed('no')
  clock.at += 400
  expect(policy.waitMillis).toBe(600)
  clock.at += 601
  expect(policy.waitMillis).toBe(0)
})

test('the fifth failure in a row is critical', () => {
  const { policy } = fresh()
  for (let failure = 1; failure <= 4; failure++) policy.failed('no')
  expect(policy.isCritical).toBe(false)
  policy.failed('still no')
  expect(policy.isCritical).toBe(true)
  expect(policy.lastReason).toBe('still no')
})

test('a broker that ends soon after its start goes on counting', () => {
  const { clock, policy } = fresh()
  for (let failure = 1; failure <= 5; failure++) {
    policy.started()
    clock.at += 60_000
    policy.failed('ended')
  }
  expect(policy.isCritical).toBe(true)
})

test('a broker that ran for five minutes starts counting anew', () => {
  const { clock, policy } = fresh()
  for (let failure = 1; failure <= 4; failure++) policy.failed('no')
  policy.started()
  clock.at += 5 * 60_000
  policy.failed('ended')
  expect(policy.failures).toBe(1)
  expect(policy.waitMillis).toBe(1_000)
})

test('time between a failure and the next start does not count as running', () => {
  const { clock, policy } = fresh()
  policy.started()
  policy.failed('no')
  clock.at += 10 * 60_000
  policy.failed('no')
  expect(policy.failures).toBe(2)
})
