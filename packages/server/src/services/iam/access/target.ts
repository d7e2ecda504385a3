import type { Tag } from '#kernel/principal.ts'
import type { AccessCheck, AccessScope, AuditResource, OperationAccess } from '#kernel/service.ts'

type Context = NonNullable<AccessCheck['context']>

/** What an operation is about: how it is checked, and what its record names. */
export interface AccessTarget<Input> {
  readonly check: (input: Input, scope: AccessScope) => Promise<Omit<AccessCheck, 'action'>>
  readonly named: (input: Input, scope: AccessScope) => readonly AuditResource[]
}

export type Output = Readonly<Record<string, unknown>> | undefined

const READS = /^(?:Get|List|Simulate|Generate)/

/** How an operation is guarded whose one action bears its name. */
export const accessTo = <Input extends object, More extends object = object>(
  operation: string,
  { check, named }: AccessTarget<Input>,
  more: (input: More, output: Output) => readonly AuditResource[] = () => [],
): OperationAccess<Input & More> => ({
  category: 'management',
  readOnly: READS.test(operation),
  checks: async (input, scope) => {
    const { context, ...target } = await check(input, scope)
    const keys = { ...context, ...inputContext(input) }
    return [{ action: `iam:${operation}`, ...target, ...(Object.keys(keys).length === 0 ? {} : { context: keys }) }]
  },
  resources: (input, output, scope) => [...named(input, scope), ...more(input, output)],
})

/** The same for several operations about one sort of thing. */
export const accessToEach = <O extends string, Input extends object, More extends object = object>(
  operations: readonly O[],
  target: AccessTarget<Input>,
  more?: (input: More, output: Output) => readonly AuditResource[],
): Readonly<Record<O, OperationAccess<Input & More>>> =>
  Object.fromEntries(operations.map((operation) => [operation, accessTo(operation, target, more)])) as Readonly<
    Record<O, OperationAccess<Input & More>>
  >

/**
 * A new name takes the permission on the thing as it is called, and on the one that it will be called.
 * @source AWS model iam 2010-05-08, UpdateUser: "permissions on both the source and target objects"
 */
export const accessToRename = <Input extends object, More extends object>(
  operation: string,
  target: AccessTarget<Input>,
  renamed: (input: More) => NewName,
): OperationAccess<Input & More> => {
  const access = accessTo<Input, More>(operation, target)
  return {
    ...access,
    checks: async (input, scope) => {
      const [check] = access.checks === 'none' ? [] : await access.checks(input, scope)
      if (check === undefined) return []
      const resource = renamedArn(check.resource, renamed(input))
      return resource === check.resource ? [check] : [check, { action: check.action, resource }]
    },
  }
}

/** Another name, another path, or both. */
export interface NewName {
  readonly name: string | undefined
  readonly path: string | undefined
}

/** The ARN behind a change: `arn:aws:iam::111122223333:user/<path and name>`. */
function renamedArn(arn: string, { name, path }: NewName): string {
  const slash = arn.indexOf('/')
  const last = arn.lastIndexOf('/')
  return `${arn.slice(0, slash)}${path ?? arn.slice(slash, last + 1)}${name ?? arn.slice(last + 1)}`
}

/** Creating something with tags takes the permission to tag as well. */
export const accessToCreate = <Input extends { readonly Tags?: readonly Tag[] | undefined }>(
  operation: string,
  tagging: string,
  target: AccessTarget<Input>,
): OperationAccess<Input> => {
  const access = accessTo(operation, target)
  return {
    ...access,
    checks: async (input, scope) => {
      const checks = access.checks === 'none' ? [] : await access.checks(input, scope)
      const { Tags: tags = [] } = input
      if (tags.length === 0) return checks
      // What is made with tags is judged as having them.
      const tagged = checks.map((check) => ({ ...check, context: { ...check.context, ...resourceContext({ tags }) } }))
      return [...tagged, ...tagged.map((check) => ({ ...check, action: `iam:${tagging}` }))]
    },
  }
}

/** Condition keys that the input itself gives. */
function inputContext(input: object): Context {
  const { Tags, TagKeys, PolicyArn, PermissionsBoundary } = input as {
    readonly Tags?: readonly Tag[]
    readonly TagKeys?: readonly string[]
    readonly PolicyArn?: string
    readonly PermissionsBoundary?: string
  }
  const keys = TagKeys ?? (Tags === undefined || Tags.length === 0 ? undefined : Tags.map(({ Key }) => Key))
  return {
    ...tagContext(['aws:RequestTag'], Tags ?? []),
    ...(keys === undefined ? {} : { 'aws:TagKeys': keys }),
    ...(PolicyArn === undefined ? {} : { 'iam:PolicyARN': PolicyArn }),
    ...(PermissionsBoundary === undefined ? {} : { 'iam:PermissionsBoundary': PermissionsBoundary }),
  }
}

const tagContext = (keys: readonly string[], tags: readonly Tag[]): Context =>
  Object.fromEntries(tags.flatMap((tag) => keys.map((key) => [`${key}/${tag.Key}`, tag.Value])))

/** Condition keys of the thing that the operation is about. */
export const resourceContext = (
  value: { readonly tags?: readonly Tag[]; readonly boundary?: string } | undefined,
): Context => ({
  ...tagContext(['aws:ResourceTag', 'iam:ResourceTag'], value?.tags ?? []),
  ...(value?.boundary === undefined ? {} : { 'iam:PermissionsBoundary': value.boundary }),
})
