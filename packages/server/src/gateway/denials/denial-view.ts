import { type Decision, type MatchedStatement, type UnmatchedStatement, explain } from '@sluice/policy'
import { type DenialEnd, type KeptDenial, statementId } from '#gateway/denials/kept-denial.ts'
import { remedies } from '#gateway/denials/remedy.ts'

/** A denial as `sluice why-denied` tells it. */
export interface DenialView {
  /** ISO 8601. */
  readonly at: string
  readonly end: DenialEnd
  /** e.g. `logs CreateLogGroup` */
  readonly call: string
  readonly message: string
  /** The verdict in a sentence. */
  readonly verdict: string
  readonly statements: readonly StatementView[]
  /** Condition keys that statements asked for and the request did not have. */
  readonly missingKeys: readonly string[]
  /** What would allow it. */
  readonly remedies: readonly string[]
}

/** A statement that applied or came near. */
export interface StatementView {
  /** e.g. `identity policy deploy, line 3, column 5` */
  readonly where: string
  readonly sentences: readonly string[]
  /** Source text, when it is known. */
  readonly excerpt?: string
}

/** Policies that belong to whom was denied, and those that belong to the resource. */
const OF_CALLER: ReadonlySet<string> = new Set(['identity', 'boundary', 'session', 'scp'])

/** What an account may see of a denial: its own policies. `undefined`: nothing, it is none of its business. */
export function denialView(kept: KeptDenial, viewer: string): DenialView | undefined {
  if (viewer !== kept.account && viewer !== kept.resourceAccount) return undefined
  const decision = ownPart(kept, viewer)
  const [verdict = ''] = explain(decision)
  return {
    at: new Date(kept.at).toISOString(),
    end: kept.end,
    call: `${kept.service} ${kept.operation}`,
    message: kept.message,
    verdict,
    statements: [
      ...decision.matched.map((one) => statementView(one, { ...decision, matched: [one], unmatched: [] }, kept)),
      ...decision.unmatched.map((one) => statementView(one, { ...decision, matched: [], unmatched: [one] }, kept)),
    ],
    missingKeys: decision.missingKeys,
    remedies: remedies(decision),
  }
}

function ownPart({ decision, account, resourceAccount }: KeptDenial, viewer: string): Decision {
  if (account === resourceAccount) return decision
  const own = ({ policyType }: MatchedStatement | UnmatchedStatement): boolean =>
    OF_CALLER.has(policyType) === (viewer === account)
  const [matched, unmatched] = [decision.matched.filter(own), decision.unmatched.filter(own)]
  const keys = [
    ...matched.flatMap(({ metByMissingKey }) => metByMissingKey),
    ...unmatched.flatMap((one) => one.conditions),
  ]
  const known = new Set(keys.map(({ key }) => key))
  return { ...decision, matched, unmatched, missingKeys: decision.missingKeys.filter((key) => known.has(key)) }
}

function statementView(
  statement: MatchedStatement | UnmatchedStatement,
  alone: Decision,
  { excerpts }: KeptDenial,
): StatementView {
  const { policyType, policyName, policyArn, position } = statement
  const excerpt = excerpts[statementId(statement)]
  const { line, column } = position.start
  return {
    where: `${policyType} policy ${policyArn ?? policyName}, line ${String(line)}, column ${String(column)}`,
    sentences: explain({ ...alone, unmatchedOmitted: 0 }).slice(1),
    ...(excerpt === undefined ? {} : { excerpt }),
  }
}
