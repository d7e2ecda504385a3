import { type Decision, MAX_MATCHED, MAX_UNMATCHED, type PolicyTypeOutcome } from './decision.ts'
import { EvaluationError, Facts } from './evaluate/facts.ts'
import { type Layers, surveyLayers, surveysOf } from './evaluate/layers.ts'
import type { Survey } from './evaluate/survey.ts'
import { type Verdict, isCrossAccount, verdictOf } from './evaluate/verdict.ts'
import { missingKeysOf } from './report/missing-keys.ts'
import { matchedStatement } from './report/reference.ts'
import { unmatchedStatements } from './report/unmatched.ts'
import type { AuthorizationRequest, Policies } from './request.ts'
import type { Meter } from './text/meter.ts'

export interface DecideOptions {
  /**
   * `denials` (the default): an Allow is told with one statement, everything else in full. `full`: every statement that
   * applied and what each sort of policy said, for Allows as well; the decision itself is the same.
   */
  readonly detail?: 'denials' | 'full'
  /**
   * Whether a session policy still limits a session whose own ARN a resource policy names. AWS documents that it does
   * not, which is the default.
   */
  readonly sessionPolicyLimitsSessionGrants?: boolean
  /** Counts what is compared, so that the cost of a decision can be proved without a clock. */
  readonly meter?: Meter
}

type Told = Pick<Decision, 'principal' | 'action' | 'resource' | 'crossAccount'>
type Reasons = Pick<Decision, 'matched' | 'unmatched' | 'unmatchedOmitted' | 'missingKeys' | 'outcomes'>

const NO_REASONS: Reasons = { matched: [], unmatched: [], unmatchedOmitted: 0, missingKeys: [], outcomes: [] }

/**
 * Decides one request the way AWS does. Pure: the same arguments give the same answer. Whatever cannot be evaluated is
 * a denial, never an exception.
 */
export function decide(request: AuthorizationRequest, policies: Policies, options: DecideOptions = {}): Decision {
  const full = options.detail === 'full'
  try {
    const facts = new Facts(request, options.meter)
    const layers = surveyLayers(policies, facts, full ? 'every' : 'first')
    const verdict = verdictOf(request, layers, options.sessionPolicyLimitsSessionGrants === true)
    const allowed = verdict.kind === 'allow'
    const reasons = allowed && !full ? shortReasons(verdict) : reasonsOf(verdict, layers, facts)
    return { allowed, kind: verdict.kind, decidedBy: verdict.decidedBy, ...toldOf(request), ...reasons }
  } catch (error) {
    return failure(request, error)
  }
}

const toldOf = (request: AuthorizationRequest): Told => ({
  crossAccount: isCrossAccount(request),
  principal: principalName(request),
  action: request.action,
  resource: request.resource,
})

function principalName({ principal }: AuthorizationRequest): string {
  switch (principal.kind) {
    case 'service':
      return principal.arn ?? principal.service
    case 'federated':
      return principal.arn ?? principal.provider
    case 'anonymous':
      return principal.arn ?? 'anonymous'
    case 'root':
    case 'user':
    case 'role-session':
    case 'federated-user':
      return principal.arn
    default:
      return principal satisfies never
  }
}

function shortReasons({ matches }: Verdict): Reasons {
  const first = matches[0]
  return first === undefined ? NO_REASONS : { ...NO_REASONS, matched: [matchedStatement(first, undefined)] }
}

/** A statement that had no part in the verdict may be impossible to evaluate; the verdict stands without its reasons. */
function reasonsOf(verdict: Verdict, layers: Layers, facts: Facts): Reasons {
  try {
    return fullReasons(verdict, layers, facts)
  } catch (error) {
    if (error instanceof EvaluationError) return shortReasons(verdict)
    throw error
  }
}

function fullReasons(verdict: Verdict, layers: Layers, facts: Facts): Reasons {
  const surveys = surveysOf(layers)
  const lacking = verdict.kind === 'implicit-deny' ? surveys.filter((one) => matters(one, verdict)) : []
  const unmatched = unmatchedStatements(lacking, facts)
  const matched = verdict.matches.slice(0, MAX_MATCHED).map((match) => matchedStatement(match, facts))
  return {
    matched,
    unmatched: unmatched.slice(0, MAX_UNMATCHED),
    unmatchedOmitted: Math.max(0, unmatched.length - MAX_UNMATCHED),
    missingKeys: missingKeysOf(matched, unmatched, lacking, facts),
    outcomes: surveys.map(outcomeOf),
  }
}

/** A sort of policy whose Allow would have changed something. */
const matters = (one: Survey, { decidedBy }: Verdict): boolean =>
  one.allows.length === 0 && (one.type === decidedBy || one.type === 'resource')

const outcomeOf = ({ type, policies, denies, allows }: Survey): PolicyTypeOutcome => ({
  policyType: type === 'resource' && policies.some(({ policy }) => policy.kind === 'trust') ? 'trust' : type,
  outcome: denies.length > 0 ? 'explicit-deny' : allows.length > 0 ? 'allow' : 'no-match',
})

const failure = (request: AuthorizationRequest, error: unknown): Decision => ({
  allowed: false,
  kind: 'implicit-deny',
  decidedBy: 'error',
  ...toldOf(request),
  ...NO_REASONS,
  error: error instanceof Error ? error.message : String(error),
})
