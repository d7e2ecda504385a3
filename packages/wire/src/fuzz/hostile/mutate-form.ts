import { plainText } from './mutate-bytes.ts'
import { type Mutation, withBody } from './mutation.ts'
import type { Random } from './random.ts'

const DEPTH = 10_000
const VALUES = [
  '',
  'x',
  'true',
  '-1',
  '1.5',
  '1e400',
  'NaN',
  '2147483648',
  '-9223372036854775809',
  '2026-02-30T00%3A00%3A00Z',
  'not base64!',
  '%00',
  '%F0%9F%98%80',
  'a'.repeat(100_000),
]
const BROKEN = ['%', '%zz', '%f', '%ff', '%C0%AF', '%ED%A0%80', '%E2%82', '%00%', '%u0041']
const NAMES = [
  '__proto__',
  'constructor.prototype.polluted',
  'Tags.member.0.Key',
  'Tags.member.01.Key',
  'Tags.member.-1.Key',
  'Tags.member.1e3.Key',
  'Tags.member.999999999.Key',
  'Tags.member.9999999999.Key',
  'Tags.member',
  'Tags.member.1',
  '.',
  '..',
  '.a',
  'a.',
  '',
  'a.'.repeat(DEPTH),
  `Tags${'.member.1'.repeat(DEPTH)}`,
]

/** Mutations of a form. */
export const FORM_MUTATIONS: readonly Mutation[] = [
  ofForm('a value of another type', (pairs, random) => at(pairs, random, ([name]) => `${name}=${random.pick(VALUES)}`)),
  ofForm('broken percent-encoding', (pairs, random) =>
    at(pairs, random, ([name, value]) =>
      random.once(2) ? `${name}=${value}${random.pick(BROKEN)}` : `${name}${random.pick(BROKEN)}=${value}`,
    ),
  ),
  ofForm('a name that no input has', (pairs, random) => [...pairs, `${random.pick(NAMES)}=x`]),
  ofForm('an item far away', (pairs, random) =>
    at(pairs, random, ([name, value]) => `${name.replace(/\.\d+/, '.999999999')}=${value}`),
  ),
  ofForm('an item with another number', (pairs, random) =>
    at(
      pairs,
      random,
      ([name, value]) => `${name.replace(/\.\d+/, random.pick(['.0', '.x', '.01', '.-1', '.', '']))}=${value}`,
    ),
  ),
  ofForm('a parameter twice', (pairs, random) =>
    at(pairs, random, ([name, value]) => `${name}=${value}&${name}=${value}`),
  ),
  ofForm('a value that also has members', (pairs, random) =>
    at(pairs, random, ([name, value]) => `${name}=${value}&${name}.${random.pick(['1', 'member.1', 'x'])}=${value}`),
  ),
  ofForm('a parameter less', (pairs, random) => at(pairs, random, () => '')),
  ofForm('a parameter without a value', (pairs, random) => at(pairs, random, ([name]) => name)),
  ofForm('more parameters than any input has', (pairs, random) =>
    random.once(10) ? [...pairs, ...Array.from({ length: 10_001 }, (_, index) => `p${String(index)}=`)] : undefined,
  ),
  ofForm('nested', (pairs, random) => at(pairs, random, ([name, value]) => `${name}${'.1'.repeat(DEPTH)}=${value}`)),
  ofForm('another version', (pairs, random) =>
    pairs.map((pair) =>
      pair.startsWith('Version=') ? `Version=${random.pick(['', '1999-01-01', '2010-05-08', '__proto__'])}` : pair,
    ),
  ),
  ofForm('another action', (pairs, random) =>
    pairs.map((pair) =>
      pair.startsWith('Action=')
        ? `Action=${random.pick(['', 'MakeCoffee', '__proto__', 'toString', 'CreateUser', 'AssumeRole', '%'])}`
        : pair,
    ),
  ),
]

type Pair = readonly [name: string, value: string]

function ofForm(
  name: string,
  change: (pairs: readonly string[], random: Random) => readonly string[] | undefined,
): Mutation {
  return {
    name: `form: ${name}`,
    mutate(request, random) {
      if (request.protocol !== 'aws-query' && request.protocol !== 'ec2-query') return undefined
      const changed = change(plainText(request).split('&'), random)
      return changed === undefined ? undefined : withBody(request, changed.join('&'))
    },
  }
}

/** Changes one parameter, but for those that say which operation it is. */
function at(pairs: readonly string[], random: Random, change: (pair: Pair) => string): readonly string[] {
  const chosen = random.int(pairs.length)
  return pairs.map((pair, index) => {
    if (index !== chosen || pair.startsWith('Action=')) return pair
    const equals = pair.indexOf('=')
    return change(equals === -1 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)])
  })
}
