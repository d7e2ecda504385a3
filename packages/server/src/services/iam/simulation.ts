import {
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
import { simulatedContext } from '#services/iam/simulation-context.ts'
import { type SourceType, actionResult } from '#services/iam/simulation-results.ts'

type Output = OperationOutput<'iam', 'SimulateCustomPolicy'>

/** What both simulations ask. */
export type Simulation = Omit<OperationInput<'iam', 'SimulateCustomPolicy'>, 'PolicyInputList'>

/** A policy and how results name its source. */
export interface SimulatedPolicy extends NamedPolicy {
  readonly source: SourceType
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
  readonly principal: PrincipalIdentity & { readonly account: string }
  readonly identity: readonly SimulatedPolicy[]
  readonly boundary?: readonly SimulatedPolicy[]
}

/** Decides every action on every resource, as the gate would, and tells why; a result an action. */
export function simulate(input: Simulation, subject: Subject, tokens: PageTokens): Output {
  const { ActionNames, ResourceArns = ['*'], ResourcePolicy } = input
  for (const action of ActionNames) checkAction(action)
  const resource = readPolicies('ResourcePolicy', ResourcePolicy === undefined ? [] : [ResourcePolicy], 'resource')
  const policies: Policies = {
    identity: subject.identity,
    resource,
    ...(subject.boundary === undefined ? {} : { boundary: subject.boundary }),
  }
  const sources = new Map([...subject.identity, ...(subject.boundary ?? [])].map(({ name, source }) => [name, source]))
  const context = simulatedContext(input.ContextEntries)
  const { Marker: _marker, MaxItems: _items, ...asked } = input
  const page = startPage(tokens, 'simulation', { account: subject.account, asked }, input)
  const numbered = ActionNames.map((action, index) => ({ action, key: String(index).padStart(6, '0') }))
  const [found, end] = pageOf(page, numbered, ({ key }) => key)
  const specific = ResourceArns.some((arn) => arn !== '*')
  const results = found.map(({ action }) => {
    const decisions = ResourceArns.map((arn) => {
      const resourceAccount = accountOf(arn) ?? accountOf(input.ResourceOwner) ?? subject.principal.account
      const request = { principal: subject.principal, action, resource: arn, resourceAccount, context }
      return decide(request, policies, { detail: 'full' })
    })
    return actionResult(action, decisions, { specific, sources })
  })
  return { EvaluationResults: results, ...end }
}

const ACTION = /^[A-Za-z0-9-]+:[A-Za-z0-9]+$/

/** @throws AwsError InvalidInput for what is no action of a service, or many of them */
function checkAction(action: string): void {
  if (!ACTION.test(action)) throw iamErrors.badAction(action)
}

/** The account in an ARN, or what is an account's id itself. */
const accountOf = (text: string | undefined): string | undefined =>
  text === undefined || /^\d{12}$/.test(text) ? text : /^arn:[^:]+:[^:]+:[^:]*:(\d{12}):/.exec(text)?.[1]

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
