import { mqErrors } from '#services/mq/errors.ts'

/** A member's name as it is on the wire: `EngineVersion` → `engineVersion`. */
export const wireName = (member: string): string => member.charAt(0).toLowerCase() + member.slice(1)

/**
 * Refuses every member that was given and that this version does not act on, also those of a newer model.
 * @param built the members that are acted on
 * @throws AwsError BadRequestException naming the member
 */
export function refuseUnbuilt(input: object, built: ReadonlySet<string>): void {
  for (const [member, value] of Object.entries(input)) {
    if (value !== undefined && !built.has(member)) throw mqErrors.notBuilt(wireName(member), 'Leave it out.')
  }
}
