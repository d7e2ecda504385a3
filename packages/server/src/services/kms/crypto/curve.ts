/** A point of a curve; `undefined` is the one at infinity. */
export type Point = { readonly x: bigint; readonly y: bigint } | undefined

/** y² = x³ + a·x + b over the field of `p`, with a base point of order `n`. */
export interface Curve {
  /** As Node names it. */
  readonly name: string
  readonly p: bigint
  readonly a: bigint
  readonly n: bigint
  readonly base: { readonly x: bigint; readonly y: bigint }
  /** Length of a coordinate, in bytes. */
  readonly bytes: number
}

const curve = (
  name: string,
  bytes: number,
  [p, a, n, x, y]: readonly [string, string, string, string, string],
): Curve => ({
  name,
  bytes,
  p: BigInt(`0x${p}`),
  a: BigInt(`0x${a}`),
  n: BigInt(`0x${n}`),
  base: { x: BigInt(`0x${x}`), y: BigInt(`0x${y}`) },
})

/** By Node's names. @source SEC 2, version 2.0 */
const CURVES: Readonly<Record<string, Curve>> = {
  prime256v1: curve('prime256v1', 32, [
    'ffffffff00000001000000000000000000000000ffffffffffffffffffffffff',
    'ffffffff00000001000000000000000000000000fffffffffffffffffffffffc',
    'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551',
    '6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296',
    '4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5',
  ]),
  secp256k1: curve('secp256k1', 32, [
    'fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f',
    '0',
    'fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141',
    '79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798',
    '483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8',
  ]),
  secp384r1: curve('secp384r1', 48, [
    'fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff',
    'fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000fffffffc',
    'ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973',
    'aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7',
    '3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f',
  ]),
  secp521r1: curve('secp521r1', 66, [
    '01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
    '01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc',
    '01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409',
    'c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66',
    '011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650',
  ]),
}

export const curveNamed = (name: string): Curve | undefined => CURVES[name]

export const modulo = (value: bigint, modulus: bigint): bigint => ((value % modulus) + modulus) % modulus

/** The inverse modulo a prime; not for secrets that were not blinded before. */
export function inverse(value: bigint, modulus: bigint): bigint {
  let [low, high, at, next] = [modulo(value, modulus), modulus, 1n, 0n]
  while (low > 1n) {
    const quotient = high / low
    ;[high, low, next, at] = [low, high - quotient * low, at, next - quotient * at]
  }
  return modulo(at, modulus)
}

/** The sum of two points; for public values only, since its time tells of them. */
function add({ p, a }: Curve, left: Point, right: Point): Point {
  if (left === undefined) return right
  if (right === undefined) return left
  if (left.x === right.x && modulo(left.y + right.y, p) === 0n) return undefined
  const slope =
    left.x === right.x
      ? modulo((3n * left.x * left.x + a) * inverse(2n * left.y, p), p)
      : modulo((right.y - left.y) * inverse(right.x - left.x, p), p)
  const x = modulo(slope * slope - left.x - right.x, p)
  return { x, y: modulo(slope * (left.x - x) - left.y, p) }
}

/** X/Z², Y/Z³: sums in it need no inverse. Z = 0 is the point at infinity. */
interface Jacobian {
  readonly x: bigint
  readonly y: bigint
  readonly z: bigint
}

const INFINITY: Jacobian = { x: 1n, y: 1n, z: 0n }

function doubled({ p, a }: Curve, { x, y, z }: Jacobian): Jacobian {
  const yy = (y * y) % p
  const s = (4n * x * yy) % p
  const zz = (z * z) % p
  const m = (3n * x * x + a * ((zz * zz) % p)) % p
  const nextX = modulo(m * m - 2n * s, p)
  return { x: nextX, y: modulo(m * (s - nextX) - 8n * yy * yy, p), z: (2n * y * z) % p }
}

function plus(curve: Curve, left: Jacobian, right: Point): Jacobian {
  if (right === undefined) return left
  if (left.z === 0n) return { ...right, z: 1n }
  const { p } = curve
  const zz = (left.z * left.z) % p
  const h = modulo(right.x * zz - left.x, p)
  const r = modulo(((right.y * zz) % p) * left.z - left.y, p)
  if (h === 0n) return r === 0n ? doubled(curve, left) : INFINITY
  const hh = (h * h) % p
  const hhh = (h * hh) % p
  const v = (left.x * hh) % p
  const x = modulo(r * r - hhh - 2n * v, p)
  return { x, y: modulo(r * (v - x) - left.y * hhh, p), z: (left.z * h) % p }
}

/** `one` times the first point and `two` times the second, together; for public values only. */
export function multiplySum(curve: Curve, one: bigint, first: Point, two: bigint, second: Point): Point {
  const { p } = curve
  const sums: readonly Point[] = [undefined, first, second, add(curve, first, second)]
  let sum = INFINITY
  for (let bit = BigInt(Math.max(one.toString(2).length, two.toString(2).length)) - 1n; bit >= 0n; bit -= 1n) {
    sum = doubled(curve, sum)
    sum = plus(curve, sum, sums[Number(((one >> bit) & 1n) | (((two >> bit) & 1n) << 1n))])
  }
  if (sum.z === 0n) return undefined
  const z = inverse(sum.z, p)
  const zz = (z * z) % p
  return { x: (sum.x * zz) % p, y: (((sum.y * zz) % p) * z) % p }
}
