import { createHash } from 'node:crypto'
import type { MaintenanceWindow } from '#services/mq/broker-record.ts'
import { mqErrors } from '#services/mq/errors.ts'

const DAYS = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'] as const
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/
const MAX_ZONE_CHARACTERS = 64

/** A maintenance window as requests give it. */
export interface WindowInput {
  readonly DayOfWeek?: string | undefined
  readonly TimeOfDay?: string | undefined
  readonly TimeZone?: string | undefined
}

/** @throws AwsError BadRequestException */
export function checkMaintenanceWindow(window: WindowInput): MaintenanceWindow {
  const attribute = 'maintenanceWindowStartTime'
  const dayOfWeek = DAYS.find((day) => day === window.DayOfWeek?.toUpperCase())
  if (dayOfWeek === undefined)
    throw mqErrors.badRequest(
      `Day of week [${(window.DayOfWeek ?? '').slice(0, 100)}] is invalid. Valid values: [${DAYS.join(', ')}].`,
      attribute,
    )
  const timeOfDay = window.TimeOfDay ?? ''
  if (!TIME.test(timeOfDay))
    throw mqErrors.badRequest(
      `Time of day [${timeOfDay.slice(0, 100)}] is invalid. Use the 24-hour format, such as 02:00.`,
      attribute,
    )
  const timeZone = window.TimeZone ?? 'UTC'
  if (!isTimeZone(timeZone)) {
    throw mqErrors.badRequest(
      `Time zone [${timeZone.slice(0, 100)}] is invalid. Use a name such as Europe/Berlin, or an offset such as +02:00.`,
      attribute,
    )
  }
  return { dayOfWeek, timeOfDay, timeZone }
}

/** AWS assigns a window when none was asked for; ours follows from the id, so that it is spread and stays. */
export function defaultMaintenanceWindow(brokerId: string): MaintenanceWindow {
  const hash = createHash('sha256').update(brokerId).digest()
  const hour = hash.readUInt8(1) % 24
  return {
    dayOfWeek: DAYS[hash.readUInt8(0) % DAYS.length] ?? 'SUNDAY',
    timeOfDay: `${String(hour).padStart(2, '0')}:00`,
    timeZone: 'UTC',
  }
}

function isTimeZone(zone: string): boolean {
  if (zone === '' || zone.length > MAX_ZONE_CHARACTERS) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).format() !== ''
  } catch {
    return false
  }
}
