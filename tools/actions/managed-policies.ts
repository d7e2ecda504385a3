import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../run.ts'

/** A policy as the source lists it, by name. */
interface SourcePolicy {
  readonly Path: string
  readonly CreateDate: string
  readonly DefaultVersionId: string
  readonly Document: object
}

const TARGET = 'packages/server/src/services/iam/aws-managed-policies.json'

/**
 * Writes the AWS-managed policies that IAM ships, one a line, documents as compact text.
 * `source`: a JSON file of policies by name, with the fields of AWS's policy reference.
 */
export function writeManagedPolicies(source: string): string {
  const policies = JSON.parse(readFileSync(source, 'utf8')) as Readonly<Record<string, SourcePolicy>>
  const lines = Object.entries(policies)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { Path, CreateDate, DefaultVersionId, Document }]) => {
      const policy = {
        path: Path,
        createdAt: Date.parse(CreateDate),
        versionId: DefaultVersionId,
        document: JSON.stringify(Document),
      }
      return `${JSON.stringify(name)}:${JSON.stringify(policy)}`
    })
  writeFileSync(join(ROOT, TARGET), `{\n${lines.join(',\n')}\n}\n`)
  return `${String(lines.length)} AWS-managed policies in ${TARGET}`
}
