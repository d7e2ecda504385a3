import { RE2JS } from 're2js'
import { type RegexPiece, regexPieces } from '#services/logs/patterns/regex-pieces.ts'

/** Repetitions multiply the states that are followed for each character, so all of a pattern together are bounded. */
const MAX_REPEATS = 128
/** Of a regular expression that texts are asked for; more tell little more. */
const MAX_LITERALS = 4
/** A shorter one is in nearly every text. */
const MIN_LITERAL_CHARS = 2

/** A regular expression in a pattern, searched anywhere in a text. */
export interface PatternRegex {
  readonly kind: 'regex'
  readonly regex: RE2JS
  /** What every text that it is found in contains. */
  readonly literals: readonly string[]
}

/**
 * Compiles the text between two `%`: the subset of regular expressions that filter patterns have. There are no groups,
 * no look-around and no back-references, and a search takes time linear in the message.
 * @returns undefined when it is not of that subset, or repeats too much
 */
export function patternRegex(body: string): PatternRegex | undefined {
  const pieces = regexPieces(body)
  if (pieces === undefined || pieces.length === 0 || repeatsOf(pieces) > MAX_REPEATS) return undefined
  try {
    const regex = RE2JS.compile(pieces.map(({ out }) => out).join(''))
    return { kind: 'regex', regex, literals: literalsOf(pieces) }
  } catch {
    // A range upside down, a repetition of nothing and the like: as invalid as a forbidden sign.
    return undefined
  }
}

const repeatsOf = (pieces: readonly RegexPiece[]): number => pieces.reduce((sum, { repeats = 0 }) => sum + repeats, 0)

/** The longest runs of signs that are there as they are written. Where there is a choice, none is looked for. */
function literalsOf(pieces: readonly RegexPiece[]): readonly string[] {
  const runs = new Set<string>()
  let run: string[] = []
  const end = (): void => {
    // Blanks are everywhere, and a search that begins with one stops at each of them.
    const text = run.join('').trim()
    if (text.length >= MIN_LITERAL_CHARS) runs.add(text)
    run = []
  }
  for (const { means } of pieces) {
    if (means.kind === 'or') return []
    if (means.kind === 'sign') {
      run.push(means.sign)
      continue
    }
    // What may come no time at all is not there for sure.
    if (means.kind === 'repeat' && means.least === 0) run.pop()
    end()
  }
  end()
  return [...runs].toSorted((a, b) => b.length - a.length).slice(0, MAX_LITERALS)
}
