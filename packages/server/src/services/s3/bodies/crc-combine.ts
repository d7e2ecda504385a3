/** The CRC of two texts one after the other, from their CRCs and the length of the second. */
export type CrcCombine = (first: bigint, second: bigint, secondLength: number) => bigint

/**
 * For CRCs that are reflected and inverted at both ends, as all of S3's are.
 * Polynomials over GF(2): appending n bytes multiplies by x^(8n), so that is worked out by squaring, once a length.
 * @param polynomial reflected
 */
export function crcCombine(polynomial: bigint, width: number): CrcCombine {
  const one = 1n << BigInt(width - 1)
  /** Lowest power in the highest bit. */
  const multiply = (left: bigint, right: bigint): bigint => {
    let product = 0n
    let shifted = right
    for (let bit = one; bit !== 0n; bit >>= 1n) {
      if ((left & bit) !== 0n) product ^= shifted
      shifted = (shifted & 1n) === 1n ? (shifted >> 1n) ^ polynomial : shifted >> 1n
    }
    return product
  }
  const powerOfX = (exponent: number): bigint => {
    let power = one
    let square = one >> 1n
    for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
      if (rest % 2 === 1) power = multiply(square, power)
      square = multiply(square, square)
    }
    return power
  }
  // Parts of an upload have one length, but for the last.
  let known = { length: -1, power: 0n }
  return (first, second, secondLength) => {
    if (known.length !== secondLength) known = { length: secondLength, power: powerOfX(8 * secondLength) }
    return multiply(known.power, first) ^ second
  }
}
