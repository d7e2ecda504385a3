import type { Mutant, TestRun } from './mutant.ts'

const PATTERNS = 'packages/server/src/services/logs/patterns'
const tests: TestRun = { project: 'unit', files: [PATTERNS] }

const mutant = (name: string, file: string, find: string, replace: string): Mutant => ({
  name: `pattern: ${name}`,
  file: `${PATTERNS}/${file}`,
  find,
  replace,
  tests,
})

/** The one evaluator of filter patterns, and what it lets the journal hold back. */
export const PATTERN_MUTANTS: readonly Mutant[] = [
  mutant('one of several terms is enough', 'terms/evaluate.ts', 'include.every((term) =>', 'include.some((term) =>'),
  mutant('exclusions are passed over', 'terms/evaluate.ts', '!exclude.some((term) =>', '!exclude.every((term) =>'),
  mutant('? terms count beside others', 'terms/parse.ts', 'any: include.length + exclude.length > 0 ? [] : any', 'any'),
  mutant(
    '&& and || bind alike',
    'logic.ts',
    "joined('some', chain(signs.or, all))",
    "joined('some', chain(signs.or, operand))",
  ),
  mutant('&& is ||', 'logic.ts', "logic.kind === 'all'\n", "logic.kind === 'some'\n"),
  mutant(
    'a parenthesis need not close',
    'logic.ts',
    "if (!scanner.blanks().take(')')) throw new PatternError()",
    "scanner.blanks().take(')')",
  ),
  mutant(
    'an asterisk in the middle stands for any text',
    'compared-value.ts',
    "case 'equals':\n      return text === test.text",
    "case 'equals':\n      return test.text.split('*').every((part) => text.includes(part))",
  ),
  mutant('a prefix is found anywhere', 'compared-value.ts', 'text.startsWith(test.text)', 'text.includes(test.text)'),
  mutant('a suffix is found anywhere', 'compared-value.ts', 'text.endsWith(test.text)', 'text.includes(test.text)'),
  mutant('>= leaves out the number itself', 'compared-value.ts', 'left >= right', 'left > right'),
  mutant('<= leaves out the number itself', 'compared-value.ts', 'left <= right', 'left < right'),
  mutant('texts can be ordered', 'compared-value.ts', "isOrder && value.kind !== 'number'", 'false'),
  mutant('scientific notation is no number', 'compared-value.ts', '(?:[eE][+-]?\\d+)?$/', '$/'),
  mutant(
    '!= holds for a field that is missing',
    'json/evaluate.ts',
    'return next !== undefined && someValue(next, steps, from + 1, test)',
    "return next === undefined ? test('') : someValue(next, steps, from + 1, test)",
  ),
  mutant(
    'an object can be compared',
    'json/evaluate.ts',
    "if (typeof value === 'object' && value !== null) return false",
    '',
  ),
  mutant(
    'null is a value',
    'json/evaluate.ts',
    "wanted.kind === 'anything' ? value !== null :",
    "wanted.kind === 'anything' ? true :",
  ),
  mutant(
    'a number in quotes is a number',
    'json/evaluate.ts',
    "typeof value === 'number' ? passesNumber(operator, value, wanted.number) : operator === '!='",
    'passesNumber(operator, Number(value), wanted.number)',
  ),
  mutant(
    'NOT EXISTS is EXISTS',
    'json/evaluate.ts',
    '? !someValue(message, steps, 0, () => true)',
    '? someValue(message, steps, 0, () => true)',
  ),
  mutant('members are inherited', 'json/evaluate.ts', 'Object.hasOwn(value, step.name)', 'step.name in value'),
  mutant(
    'a wildcard means every value',
    'json/evaluate.ts',
    'valuesWithin(value, step).some(',
    'valuesWithin(value, step).every(',
  ),
  mutant('a selector has any number of wildcards', 'json/selector.ts', ' || steps.filter(isWildcard).length > 1', ''),
  mutant(
    'a pattern has any number of wildcards',
    'json/parse.ts',
    'if (wildcards.length > MAX_PATTERN_WILDCARDS) throw new PatternError()',
    '',
  ),
  mutant(
    'a message that is no object can match',
    'message-view.ts',
    'if (!STARTS_OBJECT.test(text)) return undefined',
    '',
  ),
  mutant('brackets hold nothing together', 'delimited/split.ts', 'sign !== OPEN_BRACKET && ', ''),
  mutant('what is never closed is looked for again and again', 'delimited/split.ts', 'this.#bracketsClose = false', ''),
  mutant(
    'a line may have fewer fields than the pattern',
    'delimited/evaluate.ts',
    'if (least > 0 && !fields.has(least - 1)) return false',
    '',
  ),
  mutant(
    'a last field with a condition takes the rest of the line',
    'delimited/evaluate.ts',
    'return first.at(-1)?.condition === undefined || !fields.has(first.length)',
    'return true',
  ),
  mutant(
    'positions after the ellipsis are counted from the left',
    'delimited/evaluate.ts',
    'passes(condition, pattern, message, beforeLast + at)',
    'passes(condition, pattern, message, first.length + at)',
  ),
  mutant('two fields share a position', 'delimited/parse.ts', '|| names.size > 1', ''),
  mutant('two ellipses are taken', 'delimited/parse.ts', 'else throw new PatternError()', ''),
  mutant(
    'any number of expressions is taken',
    'parse.ts',
    'if (regexesIn(parsed) > MAX_PATTERN_REGEXES) throw tooManyRegexes()',
    '',
  ),
  mutant(
    'what may not be there is looked for in front of an expression',
    'regex.ts',
    "if (means.kind === 'repeat' && means.least === 0) run.pop()",
    '',
  ),
  mutant('what only one side of | needs is looked for', 'regex.ts', "if (means.kind === 'or') return []", ''),
  mutant(
    'a text is found across two messages',
    'joined-messages.ts',
    'at + text.length < (starts[index + 1] as number) && ',
    '',
  ),
  mutant('a part of a text is taken for all of it', 'joined-messages.ts', ' && this.#text.startsWith(text, at)', ''),
  mutant(
    'a batch forgets what patterns exclude',
    'message-batch.ts',
    'for (const word of this.#exclude) if (mask !== 0) mask &= ~word.mask(window)',
    '',
  ),
  mutant(
    'a number of too many digits is read as it is',
    'delimited/split.ts',
    ' || end - start > MAX_WHOLE_DIGITS',
    '',
  ),
  mutant('any sign is a digit', 'delimited/split.ts', 'if (digit < 0 || digit > 9) return undefined', ''),
  mutant(
    'the number of the last position is that of its first field',
    'delimited/evaluate.ts',
    'fields.has(at) && !takesRest(pattern, fields, at) ?',
    'fields.has(at) ?',
  ),
  mutant('the journal is asked for what only one side of || needs', 'needs.ts', 'best.includes(undefined) || ', ''),
  mutant(
    'the journal is asked for a text that JSON may escape',
    'needs.ts',
    "[before + text + after, '\\\\']",
    '[before + text + after]',
  ),
  mutant(
    'the journal is asked for what a field must not be',
    'needs.ts',
    "if (operator !== '=') return []\n  const texts",
    'const texts',
  ),
  mutant(
    'the journal is asked for the name of what must be absent',
    'needs.ts',
    "if (test.kind === 'not-exists') return []",
    '',
  ),
]
