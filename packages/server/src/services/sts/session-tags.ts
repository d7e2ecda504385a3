import type { Session, Tag } from '#kernel/principal.ts'
import { stsErrors } from '#services/sts/errors.ts'

/** @throws AwsError InvalidParameterValue for keys that come twice or are AWS's */
function checkSessionTags(tags: readonly Tag[]): void {
  const keys = tags.map(({ Key }) => Key.toLowerCase())
  if (keys.some((key) => key.startsWith('aws:'))) throw stsErrors.reservedTag()
  if (new Set(keys).size !== keys.length) throw stsErrors.duplicateTags()
}

/**
 * The tags of a new session: those asked for, and the transitive ones of the session that asks.
 * @throws AwsError InvalidParameterValue
 */
export function sessionTags(
  { Tags: tags = [], TransitiveTagKeys: transitive = [] }: AskedTags,
  calling: Session | undefined,
): Pick<Session, 'tags' | 'transitiveTagKeys'> {
  checkSessionTags(tags)
  const asked = new Set(tags.map(({ Key }) => Key.toLowerCase()))
  const inheritedKeys = new Set((calling?.transitiveTagKeys ?? []).map((key) => key.toLowerCase()))
  if (tags.some(({ Key }) => inheritedKeys.has(Key.toLowerCase()))) throw stsErrors.transitiveConflict()
  for (const key of transitive) {
    if (inheritedKeys.has(key.toLowerCase())) throw stsErrors.transitiveConflict()
    if (!asked.has(key.toLowerCase())) throw stsErrors.transitiveMissing()
  }
  const inherited = (calling?.tags ?? []).filter(({ Key }) => inheritedKeys.has(Key.toLowerCase()))
  const all = [...inherited, ...tags]
  const keys = [...(calling?.transitiveTagKeys ?? []), ...transitive]
  return { ...(all.length === 0 ? {} : { tags: all }), ...(keys.length === 0 ? {} : { transitiveTagKeys: keys }) }
}

export interface AskedTags {
  readonly Tags?: readonly Tag[] | undefined
  readonly TransitiveTagKeys?: readonly string[] | undefined
}
