import { stsErrors } from '#services/sts/errors.ts'
import { DEFAULT_ROLE_SECONDS } from '#services/sts/limits.ts'

/** Seconds of a role's session. @throws AwsError ValidationError for more than the role allows */
export function roleSeconds(asked: number | undefined, most: number): number {
  const seconds = asked ?? Math.min(DEFAULT_ROLE_SECONDS, most)
  if (seconds > most) throw stsErrors.durationOverRole()
  return seconds
}
