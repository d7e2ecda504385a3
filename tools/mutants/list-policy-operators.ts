import { inFile } from './in-file.ts'
import type { Mutant, TestRun } from './mutant.ts'

const SRC = 'packages/policy/src'
const CASES: TestRun = { project: 'unit', files: [`${SRC}/cases.test.ts`] }
const withUnit = (...files: readonly string[]): TestRun => ({
  project: 'unit',
  files: [`${SRC}/cases.test.ts`, ...files.map((file) => `${SRC}/${file}`)],
})

const swapped = (positive: string, negative: string, rest: string): readonly [string, string, string] => [
  `operator: ${positive} and ${negative} are each other`,
  `withNegation('${positive}', '${negative}', ${rest})`,
  `withNegation('${negative}', '${positive}', ${rest})`,
]
const order = (suffix: string, symbol: string, wrong: string): readonly [string, string, string] => [
  `operator: Numeric${suffix} and Date${suffix} take ${wrong} for ${symbol}`,
  `['${suffix}', ${String(suffix.startsWith('Not'))}, (actual, expected) => actual ${symbol} expected]`,
  `['${suffix}', ${String(suffix.startsWith('Not'))}, (actual, expected) => actual ${wrong} expected]`,
]

/** Condition operators, their forms, wildcards and variables. */
export const POLICY_OPERATOR_MUTANTS: readonly Mutant[] = [
  ...inFile(`${SRC}/operators/string.ts`, CASES, [
    swapped('StringEquals', 'StringNotEquals', 'equals, true'),
    swapped('StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', 'equalsIgnoreCase, true'),
    swapped('StringLike', 'StringNotLike', 'like, true'),
    [
      'operator: StringEquals has no case',
      'return (actual) => actual === expected',
      'return (actual) => actual.toLowerCase() === expected.toLowerCase()',
    ],
    [
      'operator: StringEqualsIgnoreCase has a case',
      'return (actual) => actual.toLowerCase() === expected',
      'return (actual) => actual === plainText(value)',
    ],
    [
      'operator: StringLike has no wildcards',
      'return (actual) => matchGlob(glob, actual)',
      'return (actual) => plainText(value) === actual || glob === undefined',
    ],
    ['operator: StringEquals has wildcards', "'StringNotEquals', equals, true)", "'StringNotEquals', like, true)"],
    ['variable: strings take none', "'StringNotEquals', equals, true)", "'StringNotEquals', equals, false)"],
  ]),
  ...inFile(`${SRC}/operators/ordered.ts`, CASES, [
    order('Equals', '===', '>='),
    order('NotEquals', '===', '<='),
    order('LessThan', '<', '<='),
    order('LessThanEquals', '<=', '<'),
    order('GreaterThan', '>', '>='),
    order('GreaterThanEquals', '>=', '>'),
    ['variable: numbers and dates take some', 'variables: false', 'variables: true'],
    [
      'operator: what is no number compares as nought',
      'const number = read(actual)',
      'const number = read(actual) ?? 0',
    ],
  ]),
  ...inFile(`${SRC}/operators/numeric.ts`, CASES, [
    [
      'operator: numbers lose their decimals',
      'DECIMAL.test(text) ? Number(text)',
      'DECIMAL.test(text) ? Math.trunc(Number(text))',
    ],
  ]),
  ...inFile(`${SRC}/operators/date.ts`, withUnit('operators/date.test.ts'), [
    ['operator: epoch seconds are taken for milliseconds', 'Number(text) * 1_000', 'Number(text)'],
    ['operator: the zone of a date is added', '* 1_000 - offset', '* 1_000 + offset'],
    [
      'operator: days that do not exist run over',
      'return same ? date.getTime() : undefined',
      'return same || date.getTime()',
    ],
  ]),
  ...inFile(`${SRC}/operators/bool.ts`, CASES, [
    ['operator: Bool is turned round', 'boolean === expected', 'boolean !== expected'],
    ['operator: Bool has a case', 'const lower = text.toLowerCase()', 'const lower = text'],
    ['variable: Bool takes none', 'variables: true', 'variables: false'],
  ]),
  ...inFile(`${SRC}/operators/binary.ts`, CASES, [
    ['operator: BinaryEquals compares text', 'bytes === expected', 'actual === plainText(value)'],
    [
      'operator: BinaryEquals takes anything for base64',
      'text.length % 4 === 0 && BASE64.test(text)',
      'text.length >= 0',
    ],
  ]),
  ...inFile(`${SRC}/operators/ip-address.ts`, withUnit('operators/ip-address.test.ts'), [
    swapped('IpAddress', 'NotIpAddress', 'prepare, false'),
    [
      'operator: a block is one address',
      'sameStart(block.address, address, block.bits)',
      'sameStart(block.address, address, address.length * 8)',
    ],
    ['operator: IPv4 blocks hold IPv6 addresses', 'block.address.length === address.length && ', ''],
    ['operator: a block ends at a whole byte', 'return rest === 0 ||', 'return rest >= 0 ||'],
  ]),
  ...inFile(`${SRC}/operators/arn.ts`, CASES, [
    swapped('ArnEquals', 'ArnNotEquals', 'prepare, true'),
    swapped('ArnLike', 'ArnNotLike', 'prepare, true'),
    [
      'operator: what is no ARN compares as different',
      'arn === undefined ? undefined :',
      'arn === undefined ? false :',
    ],
  ]),
  ...inFile(`${SRC}/operators/null.ts`, CASES, [
    ['operator: Null is turned round', "(absent === 'true') === expected", "(absent === 'true') !== expected"],
  ]),
  ...inFile(`${SRC}/operators/list.ts`, withUnit('operators/list.test.ts'), [
    ['set operator: ForAllValues is ForAnyValue', "['ForAllValues:', 'all']", "['ForAllValues:', 'any']"],
    ['set operator: ForAnyValue is ForAllValues', "['ForAnyValue:', 'any']", "['ForAnyValue:', 'all']"],
    [
      'set operator: both are none',
      "quantifier: prefix?.[1] ?? 'one'",
      "quantifier: prefix === undefined ? 'one' : 'one'",
    ],
    ['IfExists: it is nothing', "?? 'one', ifExists }", "?? 'one', ifExists: false }"],
    ['IfExists: Null has it', '(ifExists && operator.presence)', '(ifExists && operator.negated && operator.presence)'],
  ]),
  ...inFile(`${SRC}/evaluate/condition.ts`, withUnit('evaluate/condition.test.ts'), [
    [
      'condition: a plain operator takes a list',
      "typeof actual === 'string' && valueHolds(condition, actual, effect, facts)",
      'valueHolds(condition, String(actual), effect, facts)',
    ],
    ['condition: ForAllValues asks any', 'values.every((value) => valueHolds', 'values.some((value) => valueHolds'],
    ['condition: ForAnyValue asks all', 'values.some((value) => valueHolds', 'values.every((value) => valueHolds'],
    [
      'condition: ForAllValues needs the key',
      "!== 'one') return condition.quantifier === 'all'",
      "!== 'one') return false",
    ],
    [
      'condition: IfExists decides before ForAnyValue',
      "if (condition.quantifier !== 'one') return",
      "if (condition.quantifier !== 'one' && !condition.ifExists) return",
    ],
    [
      'condition: a negated operator needs the key',
      'condition.ifExists || condition.operator.negated',
      'condition.ifExists',
    ],
    [
      'condition: what cannot be read lets an Allow hold',
      "(verdict === 'unreadable' && effect === 'Deny')",
      "verdict === 'unreadable'",
    ],
    ['condition: what cannot be read spares a Deny', " || (verdict === 'unreadable' && effect === 'Deny')", ''],
    [
      'condition: the empty text is a value of a set',
      "values.length === 1 && values[0] === '' ? [] : values",
      'values',
    ],
    [
      'condition: only the first of several values counts',
      'for (const value of condition.values) {',
      'for (const value of condition.values.slice(0, 1)) {',
    ],
    [
      'condition: a variable without value compares as empty',
      'return pieces === undefined ? false :',
      "return pieces === undefined ? actual === '' :",
    ],
  ]),
  ...inFile(`${SRC}/text/glob.ts`, withUnit('text/glob.test.ts'), [
    [
      'wildcard: * is a character',
      "if (!piece.literal && character === '*') {",
      "if (!piece.literal && character === '*' && wild.length < 0) {",
    ],
    ['wildcard: ? is a character', "wild.push(!piece.literal && character === '?')", 'wild.push(false)'],
    [
      'wildcard: values of variables have them',
      "if (!piece.literal && character === '*') {",
      "if (character === '*') {",
    ],
    [
      'wildcard: * needs a character',
      'if (text.length < glob.minLength) return false',
      'if (text.length <= glob.minLength) return false',
    ],
    ['wildcard: what stands between two * may come before it', 'at = found + chunk.text.length', 'at = found'],
    ['wildcard: the end of a pattern may stand anywhere', ' || !chunkStandsAt(glob.last, text, end, meter)', ''],
    ['wildcard: a prefix is the whole text', 'return text.startsWith(glob.text)', 'return text === glob.text'],
  ]),
  ...inFile(`${SRC}/text/arn.ts`, withUnit('text/arn.test.ts'), [
    [
      'wildcard: * in one part of an ARN reaches into the next',
      'const parts = splitPieces(pieces)',
      "const parts = written.includes(':*:') ? [[{ text: 'arn', literal: false }], [{ text: '*', literal: false }]] : splitPieces(pieces)",
    ],
    [
      'wildcard: a short ARN need not end with *',
      "last?.literal === false && last.text.endsWith('*')",
      'last?.literal === false',
    ],
    [
      'wildcard: * at the end stays in its part',
      "matchGlob(matcher.rest, arn.parts.slice(known).join(':'), meter)",
      "arn.parts.length === known + 1 && matchGlob(matcher.rest, arn.parts[known] ?? '', meter)",
    ],
    [
      'wildcard: everything is a variable that holds *',
      "written === '*' && last?.literal === false",
      "written === '*'",
    ],
    [
      'wildcard: only the first part of an ARN counts',
      'for (let i = globs.length - 1; i >= 0; i -= 1) {',
      'for (let i = 0; i >= 0; i -= 1) {',
    ],
  ]),
  ...inFile(`${SRC}/text/template.ts`, withUnit('text/template.test.ts'), [
    ['variable: version 2008-10-17 has them', "version === '2008-10-17' || ", ''],
    [
      'variable: the value is read as a pattern',
      'pieces.push({ text: value, literal: true })',
      'pieces.push({ text: value, literal: false })',
    ],
    [
      'variable: a missing one is empty text',
      'if (value === undefined) return undefined',
      "if (value === undefined) return [...pieces, { text: '', literal: true }]",
    ],
    ['variable: escapes are keys', 'if (ESCAPES.has(key))', 'if (ESCAPES.has(key) && key.length > 1)'],
    [
      'variable: an escape is a wildcard',
      'return { part: { text: key, literal: true }',
      'return { part: { text: key, literal: false }',
    ],
    ['variable: a default is never used', 'fallback: text.slice(quote + 3, close) }', "fallback: '' }"],
    ['variable: keys have a case', 'return { key, name: key.toLowerCase() }', 'return { key, name: key }'],
  ]),
]
