import {
  type ContextValue,
  type Decision,
  type NamedPolicy,
  type Policies,
  type PrincipalIdentity,
  PolicySyntaxError,
  type PolicyKind,
  cachedPolicy,
  decide,
} from '@sluice/policy'
import type { OperationInput, OperationOutput } from '#kernel/call.ts'
import type { AccountId } from '#kernel/ids.ts'
import { parseIamArn } from '#services/iam/arns.ts'
import { iamErrors } from '#services/iam/errors.ts'
import type { PageTokens } from '#kernel/page-token.ts'
import { pageOf, startPage } from '#services/iam/paging.ts'

type Output = OperationOutput<'iam', 'SimulateCustomPolicy'>
type Result = NonNullable<Output['EvaluationResults']>[number]
type Matched = NonNullable<Result['MatchedStatements']>[number]
type ContextEntry = NonNullable<OperationInput<'iam', 'SimulateCustomPolicy'>['ContextEntries']>[number]

/** What both simulations ask. */
export type Simulation = Omit<OperationInput<'iam', 'SimulateCustomPolicy'>, 'PolicyInputList'>

/** A policy and how results name its source. */
export interface SimulatedPolicy extends NamedPolicy {
  readonly source: NonNullable<Matched['SourcePolicyType']>
}

/** Policies of a simulation. @throws AwsError InvalidInput with AWS's words for the first that is wrong */
export function readPolicies(
  list: string,
  documents: readonly string[] = [],
  kind: PolicyKind = 'identity',
): readonly SimulatedPolicy[] {
  return documents.map((text, index) => ({
    name: `${list}.${String(index + 1)}`,
    source: 'none',
    policy: parsed(text, kind),
  }))
}

function parsed(text: string, kind: PolicyKind): NamedPolicy['policy'] {
  try {
    return cachedPolicy(text, kind)
  } catch (error) {
    if (error instanceof PolicySyntaxError) throw iamErrors.badPolicyInput(error.message)
    throw error
  }
}

interface Subject {
  readonly account: AccountId
  readonly principal: PrincipalIdentity
  readonly identity: readonly SimulatedPolicy[]
  readonly boundary?: readonly SimulatedPolicy[]
}

/** Decides every action on every resource, as the gate would, and tells why. */
export function simulate(input: Simulation, subject: Subject, tokens: PageTokens): Output {
  const { ActionNames, ResourceArns = ['*'], ResourcePolicy } = input
  const resource = readPolicies('ResourcePolicy', ResourcePolicy === undefined ? [] : [ResourcePolicy], 'resource')
  const policies: Policies = {
    identity: subject.identity,
    resource,
    ...(subject.boundary === undefined ? {} : { boundary: subject.boundary }),
  }
  const sources = new Map([...subject.identity, ...(subject.boundary ?? [])].map(({ name, source }) => [name, source]))
  const context = contextOf(input.ContextEntries)
  const results = ActionNames.flatMap((action) =>
    ResourceArns.map((arn) => {
      const resourceAccount = ownerOf(input.ResourceOwner, arn) ?? subject.account
      const request = { principal: subject.principal, action, resource: arn, resourceAccount, context }
      return resultOf(decide(request, policies, { detail: 'full' }), sources)
    }),
  )
  const { Marker: _marker, MaxItems: _items, ...asked } = input
  const page = startPage(tokens, 'simulation', { account: subject.account, asked }, input)
  const numbered = results.map((result, index) => ({ result, key: String(index).padStart(6, '0') }))
  const [found, end] = pageOf(page, numbered, ({ key }) => key)
  return { EvaluationResults: found.map(({ result }) => result), ...end }
}

/** The account of a resource: named by the caller, or in the ARN. */
const ownerOf = (owner: string | undefined, arn: string): string | undefined =>
  /\d{12}/.exec(owner ?? '')?.[0] ?? /^arn:[^:]+:[^:]+:[^:]*:(\d{12}):/.exec(arn)?.[1]

const contextOf = (entries: readonly ContextEntry[] = []): Readonly<Record<string, ContextValue>> =>
  Object.fromEntries(
    entries.map(({ ContextKeyName = '', ContextKeyType = 'string', ContextKeyValues = [] }) => [
      ContextKeyName,
      ContextKeyType.endsWith('List') ? ContextKeyValues : (ContextKeyValues[0] ?? ''),
    ]),
  )

const DECISIONS = { allow: 'allowed', 'explicit-deny': 'explicitDeny', 'implicit-deny': 'implicitDeny' } as const

function resultOf(decision: Decision, sources: ReadonlyMap<string, SimulatedPolicy['source']>): Result {
  const boundary = decision.outcomes.find(({ policyType }) => policyType === 'boundary')
  return {
    EvalActionName: decision.action,
    EvalResourceName: decision.resource,
    EvalDecision: DECISIONS[decision.kind],
    MatchedStatements: decision.matched.map(({ policyName, policyType, position }): Matched => ({
      SourcePolicyId: policyName,
      SourcePolicyType: policyType === 'resource' ? 'resource' : (sources.get(policyName) ?? 'none'),
      StartPosition: { Line: position.start.line, Column: position.start.column },
      EndPosition: { Line: position.end.line, Column: position.end.column },
    })),
    MissingContextValues: decision.missingKeys,
    ...(boundary === undefined
      ? {}
      : { PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: boundary.outcome === 'allow' } }),
  }
}

/** Who makes the simulated calls. @throws AwsError InvalidInput for what is neither user nor role */
export function principalOfArn(arn: string): PrincipalIdentity & { readonly account: string } {
  const parsed = parseIamArn(arn)
  if (parsed?.type === 'user') return { kind: 'user', account: parsed.account, arn }
  if (parsed?.type === 'role') {
    const session = `arn:aws:sts::${parsed.account}:assumed-role/${parsed.name}/simulation`
    return { kind: 'role-session', account: parsed.account, arn: session, roleArn: arn }
  }
  throw iamErrors.badEntityArn(arn)
}
