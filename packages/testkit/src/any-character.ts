import fc from 'fast-check'

/**
 * Unit of strings of any code points, halves of surrogate pairs among them. fast-check's own `binary` makes a table of them all first, which
 * takes a test file seconds.
 */
export const anyCharacter = fc.nat({ max: 0x10_ff_ff }).map((code) => String.fromCodePoint(code))
