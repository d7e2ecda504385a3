import { TAIL_SESSION_MILLIS, TAIL_UPDATE_MILLIS } from '#services/logs/limits.ts'

/** How often an update comes and how long a session lasts, in milliseconds of real time. */
export interface TailTiming {
  readonly updateMillis: number
  readonly sessionMillis: number
}

export const TAIL_TIMING: TailTiming = { updateMillis: TAIL_UPDATE_MILLIS, sessionMillis: TAIL_SESSION_MILLIS }
