import { expect, test } from 'vitest'
import { refuseUnbuilt, wireName } from '#services/mq/rules/members.ts'

const built = new Set(['Logs'])

test('a member that is built passes, and so does one that was not given', () => {
  expect(() => refuseUnbuilt({ Logs: {}, Configuration: undefined }, built)).not.toThrow()
})

test('a member that is not built is refused by its name on the wire, even one that this code has never heard of', () => {
  expect(() => refuseUnbuilt({ Logs: {}, LdapServerMetadata: {} }, built)).toThrow(
    /^\[ldapServerMetadata\] is not supported/,
  )
  expect(() => refuseUnbuilt({ QuantumMode: false }, built)).toThrow(/^\[quantumMode\] is not supported/)
})

test('wire names begin in lower case', () => {
  expect(wireName('EngineVersion')).toBe('engineVersion')
})
