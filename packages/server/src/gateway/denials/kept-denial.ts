import type { Decision, StatementReference } from '@sluice/policy'
import type { Identified } from '@sluice/wire'
import type { AccessDenied, Evidence } from '#kernel/errors.ts'
import type { Judged } from '#gateway/authorize.ts'

/** Whether a denial ended its call, or the platform only audits. */
export type DenialEnd = 'denied' | 'let through'

/** Why a call was denied: plain data of bounded size, without anything that the call carried beside its condition keys. */
export interface KeptDenial {
  readonly requestId: string
  /** Epoch milliseconds of the platform's clock. */
  readonly at: number
  readonly end: DenialEnd
  readonly service: string
  readonly operation: string
  /** Whose principal was denied, and whose resource it was about. */
  readonly account: string
  readonly resourceAccount: string
  /** What the caller was told. */
  readonly message: string
  readonly decision: Decision
  /** Source text of the statements that the decision names, by {@link statementId}. */
  readonly excerpts: Readonly<Record<string, string>>
}

/** Longest excerpt of a statement, in characters. */
const MAX_EXCERPT = 2_000
/** Statements of one decision that are kept, whatever it lists. */
const MAX_STATEMENTS = 10

/** Names a statement within one decision. */
export const statementId = ({ policyType, policyName, policyArn = '', index }: StatementReference): string =>
  `${policyType} ${policyArn} ${policyName} ${String(index)}`

export function keptDenial(
  { decision: whole, evidence, message }: AccessDenied,
  { requestId, now, principal }: Judged,
  { service, operation }: Pick<Identified, 'service' | 'operation'>,
  end: DenialEnd,
): KeptDenial {
  const decision: Decision = {
    ...whole,
    matched: whole.matched.slice(0, MAX_STATEMENTS),
    unmatched: whole.unmatched.slice(0, MAX_STATEMENTS),
    unmatchedOmitted: whole.unmatchedOmitted + Math.max(0, whole.unmatched.length - MAX_STATEMENTS),
  }
  return {
    requestId,
    at: now,
    end,
    service,
    operation,
    account: principal.account,
    resourceAccount: evidence?.request.resourceAccount ?? principal.account,
    message,
    decision,
    excerpts: Object.fromEntries(excerpts(decision, evidence?.policies)),
  }
}

function* excerpts(
  decision: Decision,
  policies: Evidence['policies'] | undefined,
): Generator<readonly [string, string]> {
  if (policies === undefined) return
  const { identity, resource, boundary = [], session = [] } = policies
  const all = [...identity, ...resource, ...boundary, ...session]
  for (const reference of [...decision.matched, ...decision.unmatched]) {
    const { policyName, policyArn } = reference
    const text = all.find(
      ({ name, arn, text: has }) => name === policyName && arn === policyArn && has !== undefined,
    )?.text
    if (text !== undefined) yield [statementId(reference), excerptOf(text, reference)]
  }
}

/** The source text of a statement; columns count UTF-16 units. */
function excerptOf(text: string, { position: { start, end } }: StatementReference): string {
  const from = offsetOf(text, start)
  const excerpt = text.slice(from, offsetOf(text, end))
  return excerpt.length > MAX_EXCERPT ? `${excerpt.slice(0, MAX_EXCERPT)}…` : excerpt
}

function offsetOf(text: string, { line, column }: { readonly line: number; readonly column: number }): number {
  let offset = 0
  for (let passed = 1; passed < line; passed += 1) offset = text.indexOf('\n', offset) + 1
  return offset + column - 1
}
