/** Java switches to an exponent from here on, which is what AWS's texts show. */
const LARGE = 1e7
const SMALL = 1e-3

/** A number as state reasons write it: `21.0`, `0.5`, `2.0E8`. */
export function numberText(value: number): string {
  const size = Math.abs(value)
  if (value === 0 || (size >= SMALL && size < LARGE)) return withPoint(String(value))
  const [digits = '', exponent = ''] = value.toExponential().split('e')
  return `${withPoint(digits)}E${String(Number(exponent))}`
}

const withPoint = (digits: string): string => (digits.includes('.') ? digits : `${digits}.0`)

/** A time as state reasons write it, in UTC: `03/07/25 08:29:00`. */
export function reasonTime(at: number): string {
  const [date = '', time = ''] = new Date(at).toISOString().split('T')
  return `${date.slice(2).split('-').toReversed().join('/')} ${time.slice(0, 8)}`
}

/** A time as alarm data has it: `2025-07-03T08:34:06.300+0000`. */
export const dataTime = (at: number): string => new Date(at).toISOString().replace('Z', '+0000')
