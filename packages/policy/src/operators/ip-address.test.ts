import { BlockList, isIP } from 'node:net'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ipAddressOperators, readAddress, readBlock } from './ip-address.ts'

const matches = (block: string, address: string): boolean | undefined =>
  ipAddressOperators[0]?.prepare([{ text: block, literal: false }])(address)

test('reads the addresses that the operating system reads', () => {
  const scrap = fc.constantFrom('0', '1', '255', '256', '01', 'ab', 'ffff', 'g', ':', '::', '.', '%', '/')
  fc.assert(
    fc.property(
      fc.oneof(
        fc.ipV4(),
        fc.ipV6(),
        fc.array(scrap, { maxLength: 10 }).map((scraps) => scraps.join('')),
      ),
      (text) => {
        expect(readAddress(text) === undefined).toBe(isIP(text) === 0 || text.includes('%'))
      },
    ),
    { numRuns: 3_000 },
  )
})

test('IPv4 blocks hold the same addresses as in the operating system', () => {
  fc.assert(
    fc.property(fc.ipV4(), fc.nat(32), fc.ipV4(), (network, bits, address) => {
      const list = new BlockList()
      list.addSubnet(network, bits, 'ipv4')
      expect(matches(`${network}/${bits}`, address)).toBe(list.check(address, 'ipv4'))
      expect(matches(`${network}/${bits}`, network)).toBe(true)
    }),
  )
})

test('IPv6 blocks end at their bit', () => {
  const flip = (bit: number): string => {
    const groups = Array.from({ length: 8 }, (_, i) => (i === bit >> 4 ? (1 << (15 - (bit & 15))).toString(16) : '0'))
    return groups.join(':')
  }
  for (let bit = 0; bit < 128; bit += 1) {
    expect(matches(`::/${bit}`, flip(bit))).toBe(true)
    expect(matches(`::/${bit + 1}`, flip(bit))).toBe(false)
  }
})

test('IPv4 inside IPv6 is IPv4', () => {
  expect(readAddress('::ffff:192.0.2.1')).toEqual([192, 0, 2, 1])
  expect(readAddress('::FFFF:c000:0201')).toEqual([192, 0, 2, 1])
  expect(readBlock('::ffff:192.0.2.0/120')).toEqual({ address: [192, 0, 2, 0], bits: 24 })
})

test.each(['1.2.3.4/33', '1.2.3.4/-1', '1.2.3.4/', '1.2.3.4/1x', '::/129', '1.2.3/8', '', '/8', '::ffff:1.2.3.4/95'])(
  '%j is no block',
  (text) => {
    expect(readBlock(text)).toBeUndefined()
  },
)
