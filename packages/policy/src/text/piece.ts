/** A stretch of pattern text. In a literal one `*` and `?` mean themselves; that is how variables' values are put in. */
export interface Piece {
  readonly text: string
  readonly literal: boolean
}

/** The characters of a pattern with its wildcards taken as characters. */
export const plainText = (pieces: readonly Piece[]): string =>
  pieces.length === 1 ? (pieces[0]?.text ?? '') : pieces.map((piece) => piece.text).join('')
