/** The check digit of payment cards. @param digits only digits */
export function passesLuhn(digits: string): boolean {
  let sum = 0
  for (let at = 0; at < digits.length; at += 1) {
    const digit = Number(digits[digits.length - 1 - at])
    const doubled = at % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

/** ISO 7064 MOD 97-10 of an IBAN. @param iban without blanks, upper case */
export function passesMod97(iban: string): boolean {
  let rest = 0
  for (const sign of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(sign, 36)
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97
  }
  return rest === 1
}

const VIN_VALUES: Readonly<Record<string, number>> = Object.fromEntries([
  ...Array.from('0123456789', (digit) => [digit, Number(digit)] as const),
  ...Array.from('ABCDEFGH', (letter, at) => [letter, at + 1] as const),
  ...Array.from('JKLMN', (letter, at) => [letter, at + 1] as const),
  ...([
    ['P', 7],
    ['R', 9],
  ] as const),
  ...Array.from('STUVWXYZ', (letter, at) => [letter, at + 2] as const),
])
const VIN_WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]

/** The check digit of a vehicle identification number. @param vin 17 signs, upper case */
export function passesVin(vin: string): boolean {
  let sum = 0
  for (const [at, weight] of VIN_WEIGHTS.entries()) sum += weight * (VIN_VALUES[vin[at] ?? ''] ?? NaN)
  const check = sum % 11
  return vin[8] === (check === 10 ? 'X' : String(check))
}
