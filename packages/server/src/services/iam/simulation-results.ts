import type { Decision, PolicyTypeOutcome } from '@sluice/policy'
import type { OperationOutput } from '#kernel/call.ts'
import { actionTemplate } from '#services/iam/action-resources.ts'

type Result = NonNullable<OperationOutput<'iam', 'SimulateCustomPolicy'>['EvaluationResults']>[number]
type ResourceResult = NonNullable<Result['ResourceSpecificResults']>[number]
type Matched = NonNullable<Result['MatchedStatements']>[number]
type Details = NonNullable<Result['EvalDecisionDetails']>
/** Which sort of policy a statement is of, as results name it. */
export type SourceType = NonNullable<Matched['SourcePolicyType']>

const DECISIONS = { allow: 'allowed', 'explicit-deny': 'explicitDeny', 'implicit-deny': 'implicitDeny' } as const
/** From the one that wins to the one that loses. */
const STRICTEST: readonly Decision['kind'][] = ['explicit-deny', 'implicit-deny', 'allow']
const OUTCOMES = { allow: 'allowed', 'explicit-deny': 'explicitDeny', 'no-match': 'implicitDeny' } as const
const STRICTEST_OUTCOMES = ['explicitDeny', 'implicitDeny', 'allowed'] as const

/** How details name the sorts of policies. */
const DETAIL_NAMES: Readonly<Partial<Record<PolicyTypeOutcome['policyType'], string>>> = {
  identity: 'IAM Policy',
  resource: 'Resource Policy',
  boundary: 'Permissions Boundary Policy',
}

interface Asked {
  /** Whether resources were named; without any everything is asked about. */
  readonly specific: boolean
  readonly sources: ReadonlyMap<string, SourceType>
}

/**
 * The result of one action: what holds for all resources together, and for each that was named. The strictest decision
 * is reported, with the statements that made it.
 * @source AWS model iam 2010-05-08, EvaluationResult
 */
export function actionResult(action: string, decisions: readonly Decision[], { specific, sources }: Asked): Result {
  const kind = STRICTEST.find((one) => decisions.some((decision) => decision.kind === one)) ?? 'implicit-deny'
  const each = decisions.map((decision) => resourceResult(decision, sources))
  const deciding = each.filter(({ EvalResourceDecision }) => EvalResourceDecision === DECISIONS[kind])
  const missing = [...new Set(each.flatMap(({ MissingContextValues = [] }) => MissingContextValues))]
  const details = strictestDetails(each.map(({ EvalDecisionDetails = {} }) => EvalDecisionDetails))
  const bounded = each.flatMap((one) => one.PermissionsBoundaryDecisionDetail ?? [])
  return {
    EvalActionName: action,
    EvalResourceName: actionTemplate(
      action,
      decisions.map(({ resource }) => resource),
    ),
    EvalDecision: DECISIONS[kind],
    MatchedStatements: uniqueStatements(deciding.flatMap(({ MatchedStatements = [] }) => MatchedStatements)),
    MissingContextValues: missing,
    ...(specific ? { EvalDecisionDetails: details } : {}),
    ...(bounded.length === 0
      ? {}
      : {
          PermissionsBoundaryDecisionDetail: {
            AllowedByPermissionsBoundary: bounded.every((one) => one.AllowedByPermissionsBoundary),
          },
        }),
    ...(specific ? { ResourceSpecificResults: each } : {}),
  }
}

function resourceResult(decision: Decision, sources: ReadonlyMap<string, SourceType>): ResourceResult {
  const boundary = decision.outcomes.find(({ policyType }) => policyType === 'boundary')
  return {
    EvalResourceName: decision.resource,
    EvalResourceDecision: DECISIONS[decision.kind],
    MatchedStatements:
      decision.kind === 'implicit-deny' ? [] : decision.matched.map((one) => matchedView(one, sources)),
    MissingContextValues: decision.missingKeys,
    ...(decision.crossAccount ? { EvalDecisionDetails: detailsOf(decision.outcomes) } : {}),
    ...(boundary === undefined
      ? {}
      : { PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: boundary.outcome === 'allow' } }),
  }
}

const matchedView = (
  { policyName, policyType, position }: Decision['matched'][number],
  sources: ReadonlyMap<string, SourceType>,
): Matched => ({
  SourcePolicyId: policyName,
  SourcePolicyType: policyType === 'resource' ? 'resource' : (sources.get(policyName) ?? 'none'),
  StartPosition: { Line: position.start.line, Column: position.start.column },
  EndPosition: { Line: position.end.line, Column: position.end.column },
})

const detailsOf = (outcomes: readonly PolicyTypeOutcome[]): Details =>
  Object.fromEntries(
    outcomes.flatMap(({ policyType, outcome }) => {
      const name = DETAIL_NAMES[policyType]
      return name === undefined ? [] : [[name, OUTCOMES[outcome]]]
    }),
  )

/** The strictest decision of each sort of policy. */
function strictestDetails(all: readonly Details[]): Details {
  const names = [...new Set(all.flatMap((details) => Object.keys(details)))]
  return Object.fromEntries(
    names.map((name) => [
      name,
      STRICTEST_OUTCOMES.find((outcome) => all.some((details) => details[name] === outcome)) ?? 'implicitDeny',
    ]),
  )
}

function uniqueStatements(statements: readonly Matched[]): readonly Matched[] {
  const byPlace = new Map(statements.map((one) => [JSON.stringify([one.SourcePolicyId, one.StartPosition]), one]))
  return [...byPlace.values()]
}
