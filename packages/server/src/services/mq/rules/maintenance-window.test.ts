import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  changeWindow,
  checkMaintenanceWindow,
  defaultMaintenanceWindow,
  lastWindowStart,
} from '#services/mq/rules/maintenance-window.ts'

test('the default window follows from the id, in UTC', () => {
  const id = 'b-1234a5b6-78cd-4901-8abc-3a45b6c178d9'
  expect(defaultMaintenanceWindow(id)).toEqual(defaultMaintenanceWindow(id))
  expect(defaultMaintenanceWindow(id).timeZone).toBe('UTC')
})

test('any default window is one that could have been asked for', () => {
  fc.assert(
    fc.property(fc.uuid(), (uuid) => {
      const { dayOfWeek, timeOfDay, timeZone } = defaultMaintenanceWindow(`b-${uuid}`)
      expect(checkMaintenanceWindow({ DayOfWeek: dayOfWeek, TimeOfDay: timeOfDay, TimeZone: timeZone })).toEqual({
        dayOfWeek,
        timeOfDay,
        timeZone,
      })
    }),
  )
})

test('default windows are spread over the week', () => {
  const windows = Array.from({ length: 200 }, (_, index) => defaultMaintenanceWindow(`b-${String(index)}`))
  expect(new Set(windows.map(({ dayOfWeek }) => dayOfWeek)).size).toBe(7)
  expect(new Set(windows.map(({ timeOfDay }) => timeOfDay)).size).toBeGreaterThan(12)
})

test.each(['UTC', 'Europe/Berlin', '+02:00', '-08:00'])('takes the time zone %s', (TimeZone) => {
  expect(checkMaintenanceWindow({ DayOfWeek: 'MONDAY', TimeOfDay: '02:00', TimeZone }).timeZone).toBe(TimeZone)
})

test.each(['', 'Nowhere', 'x'.repeat(65), '+25:00'])('refuses the time zone %j', (TimeZone) => {
  expect(() => checkMaintenanceWindow({ DayOfWeek: 'MONDAY', TimeOfDay: '02:00', TimeZone })).toThrow(/Time zone/)
})

test.each(['2:00', '02:60', '23:59:00', 'noon', ''])('refuses the time %j', (TimeOfDay) => {
  expect(() => checkMaintenanceWindow({ DayOfWeek: 'MONDAY', TimeOfDay })).toThrow(/24-hour format/)
})

test.each([
  ['2026-11-23T02:00:00Z', 'UTC', '2026-11-23T02:00:00Z'],
  ['2026-11-23T01:59:59Z', 'UTC', '2026-11-16T02:00:00Z'],
  ['2026-11-22T23:59:00Z', 'UTC', '2026-11-16T02:00:00Z'],
  ['2026-11-23T01:00:30Z', 'Europe/Berlin', '2026-11-23T01:00:00Z'],
  ['2026-07-13T00:00:00Z', 'Europe/Berlin', '2026-07-13T00:00:00Z'],
  ['2026-11-22T17:30:00Z', 'Asia/Tokyo', '2026-11-22T17:00:00Z'],
  ['2026-11-23T07:30:00Z', '-05:00', '2026-11-23T07:00:00Z'],
])('the window of Monday 02:00 that is last at %s in %s began at %s', (now, timeZone, start) => {
  const window = { dayOfWeek: 'MONDAY', timeOfDay: '02:00', timeZone } as const
  expect(new Date(lastWindowStart(window, Date.parse(now))).toISOString()).toBe(new Date(start).toISOString())
})

test('a window began within the last week, at its own local time', () => {
  fc.assert(
    fc.property(
      fc.uuid(),
      fc.constantFrom('UTC', 'America/New_York', 'Asia/Kolkata', 'Pacific/Chatham'),
      fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2030, 0) }),
      (id, timeZone, now) => {
        const start = lastWindowStart({ ...defaultMaintenanceWindow(id), timeZone }, now)
        expect(start).toBeLessThanOrEqual(now)
        expect(now - start).toBeLessThan(7 * 24 * 3_600_000)
      },
    ),
    { seed: 3 },
  )
})

test('a window may be changed four times before it begins; one that it has already is no change', () => {
  const now = Date.parse('2026-11-21T00:00:00Z')
  const to = (hour: number) => ({ DayOfWeek: 'MONDAY', TimeOfDay: `0${String(hour)}:00`, TimeZone: 'UTC' })
  let broker: ReturnType<typeof changeWindow> = { maintenanceWindow: checkMaintenanceWindow(to(0)) }
  for (const hour of [1, 2, 3, 4]) {
    broker = changeWindow(broker, to(hour), now)
    broker = changeWindow(broker, to(hour), now)
  }
  expect(broker.windowChanges).toHaveLength(4)
  expect(() => changeWindow(broker, to(5), now)).toThrow(
    expect.objectContaining({
      code: 'BadRequestException',
      members: { ErrorAttribute: 'maintenanceWindowStartTime' },
    }) as Error,
  )
  const begun = Date.parse('2026-11-23T04:00:00Z')
  expect(changeWindow(broker, to(5), begun).windowChanges).toEqual([begun])
})
