import type { Tag } from '#kernel/principal.ts'
import { kmsErrors } from '#services/kms/errors.ts'
import { MAX_TAGS } from '#services/kms/limits.ts'

/** A tag as KMS spells it. */
export interface KmsTag {
  readonly TagKey: string
  readonly TagValue: string
}

const CHARACTERS = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u

/** @throws AwsError TagException for reserved, doubled or unreadable keys; LimitExceededException */
export function checkTags(tags: readonly KmsTag[]): void {
  for (const { TagKey, TagValue } of tags) {
    if (TagKey.toLowerCase().startsWith('aws:')) throw kmsErrors.tag('Tag keys cannot begin with aws:')
    if (!CHARACTERS.test(TagKey) || !CHARACTERS.test(TagValue))
      throw kmsErrors.tag(`The tag ${TagKey} holds characters that tags cannot have.`)
  }
  if (new Set(tags.map(({ TagKey }) => TagKey)).size !== tags.length) throw kmsErrors.tag('Duplicate tag keys')
  if (tags.length > MAX_TAGS) throw tooMany()
}

/** Tags after `added` has replaced or joined what there is. @throws AwsError LimitExceededException */
export function mergedTags(existing: readonly Tag[], added: readonly KmsTag[]): readonly Tag[] {
  const replaced = new Set(added.map(({ TagKey }) => TagKey))
  const merged = [...existing.filter(({ Key }) => !replaced.has(Key)), ...kernelTags(added)]
  if (merged.length > MAX_TAGS) throw tooMany()
  return merged
}

export const kernelTags = (tags: readonly KmsTag[]): readonly Tag[] =>
  tags.map(({ TagKey, TagValue }) => ({ Key: TagKey, Value: TagValue }))

const tooMany = (): Error => kmsErrors.limit(`A key can have at most ${String(MAX_TAGS)} tags.`)
