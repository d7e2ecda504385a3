import type { Policy, PolicyKind } from './policy.ts'
import { PolicySyntaxError } from './syntax-error.ts'
import { compilePolicy } from './syntax/compile.ts'
import { Fault } from './syntax/fault.ts'
import type { JsonNode } from './syntax/json-node.ts'
import { JsonError, readJson } from './syntax/json-reader.ts'
import { Positions } from './syntax/positions.ts'
import { checkRules } from './syntax/rules.ts'
import { ShapeError, readShape } from './syntax/shape.ts'

/** Longest policy text that is looked at, in UTF-16 units; the largest one that an AWS service takes has 51,200. */
export const MAX_POLICY_LENGTH = 131_072

const SYNTAX = 'Syntax errors in policy.'
const NOT_JSON: Readonly<Record<PolicyKind, string>> = {
  identity: SYNTAX,
  resource: SYNTAX,
  trust: 'This policy contains invalid Json',
}

/**
 * Parses and checks a policy and compiles it for evaluation. The work grows linearly with the text.
 * @throws PolicySyntaxError and nothing else
 */
export function parsePolicy(text: string, kind: PolicyKind): Policy {
  if (text.length > MAX_POLICY_LENGTH) {
    throw new PolicySyntaxError(SYNTAX, `the policy is longer than ${MAX_POLICY_LENGTH} characters`)
  }
  const positions = new Positions(text)
  const root = readRoot(text, kind, positions)
  try {
    const document = readShape(root)
    checkRules(document, kind)
    return compilePolicy(document, kind, positions)
  } catch (error) {
    if (error instanceof ShapeError) throw new PolicySyntaxError(SYNTAX, error.message, positions.at(error.place.start))
    if (!(error instanceof Fault)) throw error
    const at = error.place === undefined ? undefined : positions.at(error.place.start)
    throw new PolicySyntaxError(error.message, error.detail ?? error.message, at)
  }
}

function readRoot(text: string, kind: PolicyKind, positions: Positions): JsonNode {
  try {
    return readJson(text)
  } catch (error) {
    if (!(error instanceof JsonError)) throw error
    throw new PolicySyntaxError(NOT_JSON[kind], error.message, positions.at(error.offset))
  }
}
