import { logsErrors } from '#services/logs/errors.ts'

/** What an account policy of subscriptions says. */
export interface SubscriptionPolicy {
  readonly DestinationArn: string
  readonly RoleArn?: string
  readonly FilterPattern: string
  readonly Distribution?: 'Random' | 'ByLogStream'
}

const MEMBERS: ReadonlySet<string> = new Set(['DestinationArn', 'RoleArn', 'FilterPattern', 'Distribution'])

/** @throws AwsError InvalidParameterException when it is none */
export function readSubscriptionPolicy(document: string): SubscriptionPolicy {
  let read: unknown
  try {
    read = JSON.parse(document)
  } catch {
    throw invalid()
  }
  if (typeof read !== 'object' || read === null) throw invalid()
  const policy = read as Readonly<Record<string, unknown>>
  const valid =
    Object.entries(policy).every(([name, value]) => MEMBERS.has(name) && typeof value === 'string') &&
    policy['DestinationArn'] !== undefined &&
    policy['FilterPattern'] !== undefined &&
    [undefined, 'Random', 'ByLogStream'].includes(policy['Distribution'] as string | undefined)
  if (!valid) throw invalid()
  return policy as unknown as SubscriptionPolicy
}

const invalid = (): Error =>
  logsErrors.invalidParameter(
    'The policyDocument of a subscription filter policy must be a JSON object of DestinationArn, FilterPattern, and perhaps RoleArn and Distribution.',
  )
