import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkMaintenanceWindow, defaultMaintenanceWindow } from '#services/mq/rules/maintenance-window.ts'

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
