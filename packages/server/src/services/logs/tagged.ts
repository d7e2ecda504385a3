import type { AwsError } from '#kernel/errors.ts'
import { type LogsPlace, type NamedKind, parseNamedArn } from '#services/logs/arns.ts'
import { type Groups, recordOf } from '#services/logs/catalog/groups.ts'
import type { Tags } from '#services/logs/catalog/log-group.ts'
import type { NamedRecords } from '#services/logs/catalog/named-records.ts'
import { taggedGroup } from '#services/logs/tags.ts'

/** Tags of one resource, wherever they are kept. Both throw ResourceNotFoundException when there is no such resource. */
export interface Tagged {
  read(): Promise<Tags>
  change(make: (tags: Tags) => Tags): Promise<void>
}

/** What has tags beside log groups, by the kind in its ARN. */
export type TaggedThings = Readonly<
  Record<NamedKind, { readonly records: NamedRecords<{ readonly tags?: Tags }>; readonly notFound: () => AwsError }>
>

export interface TaggedDeps {
  readonly groups: Groups
  readonly taggedThings: TaggedThings
}

/** The log group of a name, as something with tags. */
export const groupTags = ({ groups }: Pick<TaggedDeps, 'groups'>, place: LogsPlace, name: string): Tagged => ({
  read: async () => (await groups.require(place, name)).tags,
  change: async (make) => {
    await groups.change(place, name, (group) => ({ record: { ...recordOf(group), tags: make(group.tags) } }))
  },
})

/**
 * What the ARN in a call of the tag APIs means; that of a log group has no `:*` at its end.
 * @throws AwsError ResourceNotFoundException for an ARN of something without tags, or of something elsewhere
 */
export function taggedResource(deps: TaggedDeps, resourceArn: string, place: LogsPlace): Tagged {
  const named = parseNamedArn(resourceArn)
  if (named === undefined) return groupTags(deps, place, taggedGroup(resourceArn, place))
  const { records, notFound } = deps.taggedThings[named.kind]
  if (named.account !== place.account || named.region !== place.region) throw notFound()
  return {
    read: async () => {
      const found = await records.find(place, named.name)
      if (found === undefined) throw notFound()
      return found.tags ?? {}
    },
    change: (make) =>
      records.change(place, named.name, (existing) => {
        if (existing === undefined) throw notFound()
        return { ...existing, tags: make(existing.tags ?? {}) }
      }),
  }
}
