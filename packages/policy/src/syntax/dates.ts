/** Dates as AWS lets them into a policy; wider than what can be compared later. */
const DATE =
  /^[+-]?\d{1,10}(?:-(?:0?[1-9]|1[0-2])(?:-(?:0?[1-9]|[12]\d|3[01]))?)?(?:[Tt](?:\d{1,2}(?::\d{1,2}(?::\d{1,2}(?:\.\d{1,9})?)?)?)?(?:[Zz]|[+-]\d\d(?::?\d\d)?)?)?$/
const INTEGER = /^-?\d{1,19}$/
const LARGEST = 2n ** 63n

export function isDate(text: string): boolean {
  if (!INTEGER.test(text)) return DATE.test(text)
  const number = BigInt(text)
  return number >= -LARGEST && number < LARGEST
}
