import { RE2JS } from 're2js'

/** What AWS allows outside classes beside letters, digits and operators. */
const SYMBOLS = ':_#=@/;,- '
const OPERATORS = '^$?|*+.'
const CLASS_SYMBOLS = `${SYMBOLS}${OPERATORS}{}`
/** `\d` and the like, `\xhh`, and any ASCII sign made literal. */
const ESCAPE = /\\(?:[dDsSwW]|x[0-9A-Fa-f]{2}|[!-/:-@[-`{-~])/y
const REPEAT = /\{(\d{0,4})(?:(,)(\d{0,4}))?\}/y
/** Repetitions multiply the states that are followed for each character, so all of a pattern together are bounded. */
const MAX_REPEATS = 128

/**
 * Compiles the text between two `%`: the subset of regular expressions that filter patterns have. There are no groups,
 * no look-around and no back-references, and a search takes time linear in the message.
 * @returns undefined when it is not of that subset, or repeats too much
 */
export function compilePatternRegex(body: string): RE2JS | undefined {
  const translated = translate(body)
  if (translated === undefined) return undefined
  try {
    return RE2JS.compile(translated)
  } catch {
    // A range upside down, a repetition of nothing and the like: as invalid as a forbidden sign.
    return undefined
  }
}

/** The same expression as RE2 writes it. `undefined`: something in it is not allowed. */
function translate(body: string): string | undefined {
  let out = ''
  let repeats = 0
  let at = 0
  while (at < body.length) {
    const piece = readPiece(body, at)
    if (piece === undefined) return undefined
    repeats += piece.repeats
    if (repeats > MAX_REPEATS) return undefined
    out += piece.out
    at = piece.end
  }
  return out === '' ? undefined : out
}

interface Piece {
  readonly out: string
  readonly end: number
  readonly repeats: number
}

function readPiece(body: string, at: number): Piece | undefined {
  const sign = body.charAt(at)
  if (sign === '\\') return readEscape(body, at)
  if (sign === '{') return readRepeat(body, at)
  if (sign === '[') return readClass(body, at)
  return isPlain(sign) || OPERATORS.includes(sign) ? { out: sign, end: at + 1, repeats: 0 } : undefined
}

function readEscape(body: string, at: number): Piece | undefined {
  ESCAPE.lastIndex = at
  const escape = ESCAPE.exec(body)?.[0]
  return escape === undefined ? undefined : { out: escape, end: at + escape.length, repeats: 0 }
}

/** Either side of `{m,n}` may be left out; RE2 would take `{,n}` for text. */
function readRepeat(body: string, at: number): Piece | undefined {
  REPEAT.lastIndex = at
  const [whole, least = '', comma, most = ''] = REPEAT.exec(body) ?? []
  if (whole === undefined || (comma === undefined && least === '')) return undefined
  const from = least === '' ? '0' : least
  const out = comma === undefined ? `{${from}}` : `{${from},${most}}`
  return { out, end: at + whole.length, repeats: Math.max(Number(from), Number(most)) }
}

function readClass(body: string, at: number): Piece | undefined {
  let end = at + 1
  if (body[end] === '^') end += 1
  const first = end
  while (end < body.length && body[end] !== ']') {
    const sign = body.charAt(end)
    const escape = sign === '\\' ? readEscape(body, end) : undefined
    if (escape === undefined && !isPlain(sign) && !CLASS_SYMBOLS.includes(sign)) return undefined
    end = escape?.end ?? end + 1
  }
  if (end >= body.length || end === first) return undefined
  return { out: body.slice(at, end + 1), end: end + 1, repeats: 0 }
}

const isPlain = (sign: string): boolean => /^[A-Za-z0-9]$/.test(sign) || SYMBOLS.includes(sign)
