import { cloudtrailErrors } from '#services/cloudtrail/errors.ts'
import { MAX_TRAIL_NAME, MIN_TRAIL_NAME } from '#services/cloudtrail/limits.ts'

/**
 * ASCII letters, digits, periods, underscores and dashes, from a letter or digit to a letter or digit.
 * @source CloudTrail API reference, CreateTrail, Name
 * @throws AwsError InvalidTrailNameException
 */
export function checkTrailName(name: string): void {
  const { length } = name
  if (length < MIN_TRAIL_NAME) {
    throw cloudtrailErrors.invalidTrailName(
      `Trail name too short. Minimum allowed length: ${String(MIN_TRAIL_NAME)} characters. Specified name length: ${String(length)} characters.`,
    )
  }
  if (length > MAX_TRAIL_NAME) {
    throw cloudtrailErrors.invalidTrailName(
      `Trail name too long. Maximum allowed length: ${String(MAX_TRAIL_NAME)} characters. Specified name length: ${String(length)} characters.`,
    )
  }
  if (!/^[\w.-]+$/.test(name)) {
    throw cloudtrailErrors.invalidTrailName(
      'Trail name or ARN can only contain uppercase letters, lowercase letters, numbers, periods (.), hyphens (-), and underscores (_).',
    )
  }
  if (!/^[A-Za-z\d]/.test(name))
    throw cloudtrailErrors.invalidTrailName('Trail name must starts with a letter or number.')
  if (!/[A-Za-z\d]$/.test(name))
    throw cloudtrailErrors.invalidTrailName('Trail name must ends with a letter or number.')
  if (/[._-]{2}/.test(name))
    throw cloudtrailErrors.invalidTrailName('Trail name must not have adjacent periods, underscores or hyphens.')
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(name))
    throw cloudtrailErrors.invalidTrailName('Trail name must not be formatted as an IP address.')
}
