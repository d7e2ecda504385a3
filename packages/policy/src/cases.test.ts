import { readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { PolicySyntaxError, decide, denialMessage, explain, parsePolicy } from './index.ts'
import type { Context, Decision, PolicyKind } from './index.ts'
import { findOperator, operatorNames } from './operators/list.ts'
import { type RequestCase, policiesOf, requestOf } from './test-world.ts'

interface DecisionCase extends RequestCase {
  readonly name: string
  readonly expect: Expectation
}

interface Expectation {
  readonly kind: Decision['kind']
  readonly decidedBy?: string
  readonly crossAccount?: boolean
  readonly principalMatch?: string
  readonly failed?: readonly string[]
  readonly missingKeys?: readonly string[]
  readonly metByMissingKey?: readonly string[]
  readonly message?: string
  readonly explain?: readonly string[]
}

interface ConditionCase {
  readonly operator: string
  readonly values: readonly unknown[]
  readonly actual: string | readonly string[] | null
  /** Whether an Allow with the condition applies. */
  readonly holds: boolean
  /** Whether a Deny does, when that differs. */
  readonly deny?: boolean
}

/** An operator with a value, and with what of a request makes the plain operator hold and fail. */
interface OperatorExample {
  readonly operator: string
  readonly values: readonly unknown[]
  readonly meets: string
  readonly misses: string
}

/** What every operator must say in one of its forms; `meets` and `misses` stand for the values of the example. */
interface FormCase {
  /** The operator is put in for `*`. */
  readonly form: string
  readonly actual: 'meets' | 'misses' | readonly ('meets' | 'misses')[] | null
  readonly holds: boolean
  /** What the negated operators say, when that differs. */
  readonly negated?: boolean
}

interface PatternCase {
  readonly pattern: string
  readonly action?: string
  readonly resource?: string
  readonly matches: boolean
}

interface SyntaxCase {
  readonly name: string
  readonly policy: PolicyKind
  readonly text?: string
  readonly document?: unknown
  readonly message?: string
  readonly detail?: string
}

type CaseFile =
  | {
      readonly kind: 'decisions'
      readonly theme: string
      readonly defaults?: Partial<DecisionCase>
      readonly cases: readonly DecisionCase[]
    }
  | { readonly kind: 'conditions'; readonly theme: string; readonly cases: readonly ConditionCase[] }
  | {
      readonly kind: 'forms'
      readonly theme: string
      readonly operators: readonly OperatorExample[]
      readonly cases: readonly FormCase[]
    }
  | { readonly kind: 'actions' | 'resources'; readonly theme: string; readonly cases: readonly PatternCase[] }
  | { readonly kind: 'refused' | 'accepted'; readonly theme: string; readonly cases: readonly SyntaxCase[] }

const files = readCaseFiles()

test('there are cases', () => {
  expect(files.length).toBeGreaterThan(15)
  expect(files.flatMap((file) => [...file.cases]).length).toBeGreaterThan(600)
})

describe.each(files)('$theme', (file) => {
  switch (file.kind) {
    case 'decisions':
      return test.each(file.cases)('$name', (one) => runDecision({ ...file.defaults, ...one }))
    case 'conditions':
      return test.each(file.cases)('$operator $values against $actual: $holds', runCondition)
    case 'forms':
      return test.each(conditionsOf(file))('$operator $values against $actual: $holds', runCondition)
    case 'actions':
    case 'resources':
      return test.each(file.cases)('$pattern against $action$resource: $matches', runPattern)
    case 'refused':
      return test.each(file.cases)('$policy: $name', runRefused)
    case 'accepted':
      return test.each(file.cases)('$policy: $name', ({ text, document, policy }) => {
        expect(parsePolicy(text ?? JSON.stringify(document), policy).statements.length).toBeGreaterThan(0)
      })
    default:
      return file satisfies never
  }
})

/** Every operator in every form. */
function conditionsOf({ operators, cases }: Extract<CaseFile, { kind: 'forms' }>): readonly ConditionCase[] {
  return operators.flatMap(({ operator, values, meets, misses }) => {
    const valueOf = (which: 'meets' | 'misses'): string => (which === 'meets' ? meets : misses)
    return cases.map(({ form, actual, holds, negated = holds }) => ({
      operator: form.replace('*', operator),
      values,
      actual: actual === null ? null : typeof actual === 'string' ? valueOf(actual) : actual.map(valueOf),
      holds: findOperator(operator)?.operator.negated === true ? negated : holds,
    }))
  })
}

describe('no operator is without cases', () => {
  const asked = new Set(
    files.flatMap((file) => {
      const cases = file.kind === 'forms' ? conditionsOf(file) : file.kind === 'conditions' ? file.cases : []
      return cases.map(({ operator, actual }) => `${operator} ${presenceOf(actual)}`)
    }),
  )
  const forms = operatorNames().flatMap((name) =>
    ['', 'ForAllValues:', 'ForAnyValue:'].flatMap((prefix) => [
      `${prefix}${name}`,
      ...(name === 'Null' ? [] : [`${prefix}${name}IfExists`]),
    ]),
  )
  test.each(forms)('%s: a key that is there, one that is not, and one with several values', (form) => {
    expect(['present', 'absent', 'multi-valued'].filter((presence) => !asked.has(`${form} ${presence}`))).toEqual([])
  })
})

function presenceOf(actual: ConditionCase['actual']): string {
  return actual === null ? 'absent' : typeof actual === 'string' ? 'present' : 'multi-valued'
}

function runDecision(one: DecisionCase): void {
  const request = requestOf(one)
  const policies = policiesOf(one)
  const decision = decide(request, policies, one.options)
  expectDecision(decision, one.expect)
  expect(decision.allowed).toBe(one.expect.kind === 'allow')
  const { kind, decidedBy } = decide(request, policies, { ...one.options, detail: 'full' })
  expect({ kind, decidedBy }).toEqual({ kind: decision.kind, decidedBy: decision.decidedBy })
  expect(JSON.parse(JSON.stringify(decision))).toEqual(decision)
  const sentences = explain(decision)
  if (one.expect.explain !== undefined) expect(sentences).toEqual(one.expect.explain)
  if (one.expect.message === undefined) return
  const told = { principalArn: decision.principal, action: decision.action, resource: one.tell ?? decision.resource }
  expect(denialMessage(told, decision, one.messageOptions)).toBe(one.expect.message)
}

function expectDecision(decision: Decision, expected: Expectation): void {
  const actual: Expectation = {
    kind: decision.kind,
    ...(expected.decidedBy === undefined ? {} : { decidedBy: decision.decidedBy }),
    ...(expected.crossAccount === undefined ? {} : { crossAccount: decision.crossAccount }),
    ...(expected.principalMatch === undefined ? {} : { principalMatch: String(decision.matched[0]?.principalMatch) }),
    ...(expected.failed === undefined ? {} : { failed: decision.unmatched.map(({ failed }) => failed) }),
    ...(expected.missingKeys === undefined ? {} : { missingKeys: decision.missingKeys }),
    ...(expected.metByMissingKey === undefined
      ? {}
      : { metByMissingKey: decision.matched.flatMap((statement) => statement.metByMissingKey.map(({ key }) => key)) }),
  }
  const { message: _message, explain: _explain, ...rest } = expected
  expect(actual).toEqual(rest)
}

function runCondition({ operator, values, actual, holds, deny = holds }: ConditionCase): void {
  const condition = { [operator]: { 'k:key': values } }
  const context: Context = actual === null ? {} : { 'k:key': actual }
  const decisionWith = (statements: readonly object[]): string =>
    decide(requestOf({ context }), policiesOf({ identity: [statements] })).kind
  expect(decisionWith([{ Condition: condition }])).toBe(holds ? 'allow' : 'implicit-deny')
  expect(decisionWith([{}, { Effect: 'Deny', Condition: condition }])).toBe(deny ? 'explicit-deny' : 'allow')
}

function runPattern({ pattern, action, resource, matches }: PatternCase): void {
  const request = requestOf({
    ...(action === undefined ? {} : { action }),
    ...(resource === undefined ? {} : { on: resource }),
  })
  const element = action === undefined ? 'Resource' : 'Action'
  const decisionOf = (statement: object): boolean => decide(request, policiesOf({ identity: [[statement]] })).allowed
  expect(decisionOf({ [element]: pattern })).toBe(matches)
  expect(decisionOf({ [element]: null, [`Not${element}`]: pattern })).toBe(!matches)
}

function runRefused({ text, document, policy, message, detail }: SyntaxCase): void {
  const error = thrownBy(() => parsePolicy(text ?? JSON.stringify(document), policy))
  expect(error).toBeInstanceOf(PolicySyntaxError)
  if (!(error instanceof PolicySyntaxError)) return
  expect(error.message).toBe(message)
  if (detail !== undefined) expect(error.detail).toContain(detail)
}

function thrownBy(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  return undefined
}

function readCaseFiles(): readonly CaseFile[] {
  const folder = fileURLToPath(new URL('../cases', import.meta.url))
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.json'))
    .toSorted()
    .map((path) => JSON.parse(readFileSync(`${folder}/${path}`, 'utf8')) as CaseFile)
}
