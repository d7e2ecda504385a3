import { createHash } from 'node:crypto'
import type { EpochMillis } from '#kernel/ids.ts'
import type { BrokerRecord, MaintenanceWindow } from '#services/mq/broker-record.ts'
import { mqErrors } from '#services/mq/errors.ts'
import { MAX_WINDOW_CHANGES } from '#services/mq/limits.ts'

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

type Window = Pick<BrokerRecord, 'maintenanceWindow' | 'windowChanges'>

/**
 * The window that a broker gets; one that it has already is no change.
 * @throws AwsError BadRequestException for what is no window, and for one change too many before the window begins
 */
export function changeWindow(broker: Window, input: WindowInput, now: EpochMillis): Window {
  const { maintenanceWindow: before, windowChanges = [] } = broker
  const maintenanceWindow = checkMaintenanceWindow(input)
  if (JSON.stringify(maintenanceWindow) === JSON.stringify(before)) return { maintenanceWindow, windowChanges }
  const begun = lastWindowStart(before, now)
  const recent = windowChanges.filter((at) => at >= begun)
  if (recent.length < MAX_WINDOW_CHANGES) return { maintenanceWindow, windowChanges: [...recent, now] }
  throw mqErrors.badRequest(
    `The maintenance window can be changed at most ${String(MAX_WINDOW_CHANGES)} times before it begins. Change it again after the window of ${before.dayOfWeek} ${before.timeOfDay} ${before.timeZone}.`,
    'maintenanceWindowStartTime',
  )
}

const DAY_MINUTES = 24 * 60
const WEEK_MINUTES = 7 * DAY_MINUTES
const MINUTE_MILLIS = 60_000

/** When the window began that is open at `now`, or else the last one before it. */
export function lastWindowStart({ dayOfWeek, timeOfDay, timeZone }: MaintenanceWindow, now: EpochMillis): EpochMillis {
  const { day, minutes } = localTime(now, timeZone)
  const [hour = 0, minute = 0] = timeOfDay.split(':').map(Number)
  const start = DAYS.indexOf(dayOfWeek) * DAY_MINUTES + hour * 60 + minute
  const since = (day * DAY_MINUTES + minutes - start + WEEK_MINUTES) % WEEK_MINUTES
  return now - (now % MINUTE_MILLIS) - since * MINUTE_MILLIS
}

function localTime(at: EpochMillis, timeZone: string): { readonly day: number; readonly minutes: number } {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'long',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]))
  const weekday = parts.get('weekday')?.toUpperCase()
  return {
    day: DAYS.findIndex((each) => each === weekday),
    minutes: Number(parts.get('hour')) * 60 + Number(parts.get('minute')),
  }
}
