/** What AWS allows outside classes beside letters, digits and operators. */
const SYMBOLS = ':_#=@/;,- '
const OPERATORS = '^$?|*+.'
const CLASS_SYMBOLS = `${SYMBOLS}${OPERATORS}{}`
/** `\d` and the like, `\xhh`, and any ASCII sign made literal. */
const ESCAPE = /\\(?:[dDsSwW]|x[0-9A-Fa-f]{2}|[!-/:-@[-`{-~])/y
const REPEAT = /\{(\d{0,4})(?:(,)(\d{0,4}))?\}/y

/** A part of a regular expression between two `%`. */
export interface RegexPiece {
  /** As RE2 writes it. */
  readonly out: string
  readonly end: number
  /** The highest number that a repetition names. */
  readonly repeats?: number
  readonly means:
    | { readonly kind: 'sign'; readonly sign: string }
    /** How often, at least, the piece before it comes. */
    | { readonly kind: 'repeat'; readonly least: number }
    | { readonly kind: 'or' }
    | { readonly kind: 'other' }
}

/** The pieces of an expression from left to right. `undefined`: something in it is not allowed. */
export function regexPieces(body: string): readonly RegexPiece[] | undefined {
  const pieces: RegexPiece[] = []
  let at = 0
  while (at < body.length) {
    const piece = readPiece(body, at)
    if (piece === undefined) return undefined
    pieces.push(piece)
    at = piece.end
  }
  return pieces
}

const OTHER = { kind: 'other' } as const
const OPERATOR_MEANS: Readonly<Record<string, RegexPiece['means']>> = {
  '?': { kind: 'repeat', least: 0 },
  '*': { kind: 'repeat', least: 0 },
  '+': { kind: 'repeat', least: 1 },
  '|': { kind: 'or' },
}

function readPiece(body: string, at: number): RegexPiece | undefined {
  const sign = body.charAt(at)
  if (sign === '\\') return readEscape(body, at)
  if (sign === '{') return readRepeat(body, at)
  if (sign === '[') return readClass(body, at)
  if (isPlain(sign)) return { out: sign, end: at + 1, means: { kind: 'sign', sign } }
  return OPERATORS.includes(sign) ? { out: sign, end: at + 1, means: OPERATOR_MEANS[sign] ?? OTHER } : undefined
}

function readEscape(body: string, at: number): RegexPiece | undefined {
  ESCAPE.lastIndex = at
  const escape = ESCAPE.exec(body)?.[0]
  if (escape === undefined) return undefined
  const isSign = escape.length === 2 && !/[A-Za-z]/.test(escape)
  return { out: escape, end: at + escape.length, means: isSign ? { kind: 'sign', sign: escape.charAt(1) } : OTHER }
}

/** Either side of `{m,n}` may be left out; RE2 would take `{,n}` for text. */
function readRepeat(body: string, at: number): RegexPiece | undefined {
  REPEAT.lastIndex = at
  const [whole, least = '', comma, most = ''] = REPEAT.exec(body) ?? []
  if (whole === undefined || (comma === undefined && least === '')) return undefined
  const from = least === '' ? '0' : least
  const out = comma === undefined ? `{${from}}` : `{${from},${most}}`
  const repeats = Math.max(Number(from), Number(most))
  return { out, end: at + whole.length, repeats, means: { kind: 'repeat', least: Number(from) } }
}

function readClass(body: string, at: number): RegexPiece | undefined {
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
  return { out: body.slice(at, end + 1), end: end + 1, means: OTHER }
}

const isPlain = (sign: string): boolean => /^[A-Za-z0-9]$/.test(sign) || SYMBOLS.includes(sign)
