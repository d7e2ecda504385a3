import { characterTest } from './step-counter.ts'
import { type Node, parsePattern } from './syntax.ts'

const ALPHABET = [
  ...Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)),
  ...['\t', '\n', 'é', '日', '\u00a0'],
]
const MAX_WORDS = 6
const MAX_STARTS = 14
const MAX_PUMP = 10
/** No pattern takes the first; the dot does not take the second. */
const ENDS = ['\u0000', '\n']

/** A text that may cost a matcher much: a start, a piece again and again, and an end that spoils it. */
export interface Attack {
  readonly start: string
  readonly pump: string
  readonly end: string
}

export const attackText = ({ start, pump, end }: Attack, length: number): string =>
  start + pump.repeat(Math.ceil(length / pump.length)) + end

/** Attacks made of what a pattern itself says: starts of its words, and pieces of them and of its characters. */
export function attacksOn({ source, flags }: RegExp): readonly Attack[] {
  const node = parsePattern(source)
  const characters = tellingCharacters(node, flags)
  const words = [...new Set(wordsOf(node, flags))].slice(0, MAX_WORDS)
  const starts = new Set<string>([''])
  for (const word of words) {
    const stride = Math.max(1, Math.ceil(word.length / MAX_STARTS))
    for (let at = 1; at <= word.length; at += stride) starts.add(word.slice(0, at))
  }
  const pumps = new Set<string>(characters)
  for (const one of characters) for (const two of characters) pumps.add(one + two)
  for (const word of words)
    for (let at = 0; at < word.length; at++)
      for (const length of [3, 5, 6, 9, MAX_PUMP]) pumps.add(word.slice(at, at + length))
  return [...starts].flatMap((start) => [...pumps].flatMap((pump) => ENDS.map((end) => ({ start, pump, end }))))
}

/** One character of each kind that the pattern tells apart. */
function tellingCharacters(node: Node, flags: string): readonly string[] {
  const tests = atomsOf(node).map((atom) => characterTest(atom, flags))
  const byKind = new Map<string, string>()
  for (const char of ALPHABET) {
    const kind = tests.map((takes) => (takes(char) ? '1' : '0')).join('')
    if (kind.includes('1') && !byKind.has(kind)) byKind.set(kind, char)
  }
  return [...byKind.values()].slice(0, 10)
}

function atomsOf(node: Node): readonly string[] {
  switch (node.kind) {
    case 'one':
      return [node.atom]
    case 'sequence':
      return node.parts.flatMap(atomsOf)
    case 'choice':
      return node.branches.flatMap(atomsOf)
    case 'repeat':
    case 'look':
      return atomsOf(node.item)
    default:
      return []
  }
}

/** Words that the pattern takes, or nearly so: a choice gives one each. */
function wordsOf(node: Node, flags: string): readonly string[] {
  switch (node.kind) {
    case 'one': {
      const takes = characterTest(node.atom, flags)
      return ALPHABET.filter((char) => takes(char)).slice(-1)
    }
    case 'sequence':
      return node.parts.reduce<readonly string[]>(
        (words, part) => words.flatMap((word) => wordsOf(part, flags).map((more) => word + more)).slice(0, MAX_WORDS),
        [''],
      )
    case 'choice':
      return node.branches.flatMap((branch) => wordsOf(branch, flags))
    case 'repeat':
      return wordsOf(node.item, flags).map((word) => word.repeat(Math.max(node.min, Math.min(node.max, 2))))
    default:
      return ['']
  }
}
