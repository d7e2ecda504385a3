import fc from 'fast-check'
import { expect, test } from 'vitest'
import { passesLuhn, passesMod97, passesVin } from '#services/logs/protection/checksums.ts'

test('published samples pass', () => {
  for (const card of ['4111111111111111', '378282246310005', '5555555555554444', '6011111111111117']) {
    expect(passesLuhn(card)).toBe(true)
  }
  for (const iban of ['DE89370400440532013000', 'GB82WEST12345698765432', 'FR1420041010050500013M02606']) {
    expect(passesMod97(iban)).toBe(true)
  }
  for (const vin of ['1HGCM82633A004352', '1M8GDM9AXKP042788']) expect(passesVin(vin)).toBe(true)
})

test('one wrong digit never passes', () => {
  const change = (text: string, at: number, by: number): string =>
    text.slice(0, at) + String((Number(text[at]) + by) % 10) + text.slice(at + 1)
  fc.assert(
    fc.property(fc.nat(15), fc.integer({ min: 1, max: 9 }), (at, by) => {
      expect(passesLuhn(change('4111111111111111', at, by))).toBe(false)
      expect(passesMod97(change('DE89370400440532013000', at + 4, by))).toBe(false)
    }),
  )
  expect(passesVin('1HGCM82633A004353')).toBe(false)
  expect(passesVin('IHGCM82633A004352')).toBe(false)
})
