import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { EpochMillis } from '#kernel/ids.ts'

/** A policy that AWS wrote; accounts attach it and cannot change it. */
export interface AwsManagedPolicy {
  readonly name: string
  readonly arn: string
  /** `ANPA…`, always the same for a name. */
  readonly policyId: string
  readonly path: string
  readonly createdAt: EpochMillis
  readonly versionId: string
  readonly document: string
}

type Source = Readonly<Record<string, Pick<AwsManagedPolicy, 'path' | 'createdAt' | 'versionId' | 'document'>>>

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

let loaded: ReadonlyMap<string, AwsManagedPolicy> | undefined

/** Every AWS-managed policy by ARN, in the order of their names; read when somebody first asks. */
export function awsManagedPolicies(): ReadonlyMap<string, AwsManagedPolicy> {
  loaded ??= read()
  return loaded
}

function read(): ReadonlyMap<string, AwsManagedPolicy> {
  const source = JSON.parse(readFileSync(new URL('aws-managed-policies.json', import.meta.url), 'utf8')) as Source
  const policies = Object.entries(source).map(([name, policy]): AwsManagedPolicy => {
    const arn = `arn:aws:iam::aws:policy${policy.path}${name}`
    return { ...policy, name, arn, policyId: idOf(name) }
  })
  return new Map(policies.map((policy) => [policy.arn, policy]))
}

const idOf = (name: string): string =>
  `ANPA${[...createHash('sha256').update(name).digest().subarray(0, 17)].map((byte) => BASE32[byte & 31]).join('')}`
