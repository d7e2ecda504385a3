import fc from 'fast-check'
import { expect, test } from 'vitest'
import { detect, masked } from '#services/logs/protection/detect.ts'
import { MANAGED_IDENTIFIERS, managedIdentifier } from '#services/logs/protection/identifiers.ts'

const all = MANAGED_IDENTIFIERS.flatMap((name) => managedIdentifier(name) ?? [])
const hide = (name: string, text: string): string => {
  const identifier = managedIdentifier(name)
  return masked(text, detect(text, identifier ? [identifier] : []))
}
const KEY = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'
const pem = (kind: string) => `-----BEGIN ${kind}-----\nMIIE\nabc=\n-----END ${kind}-----`

test.each([
  ['EmailAddress', 'from jane.doe+x@mail.example.com, to', 'jane.doe+x@mail.example.com'],
  ['EmailAddress', 'a@b.co', 'a@b.co'],
  ['IpAddress', 'client 203.0.113.7:443 up', '203.0.113.7'],
  ['IpAddress', 'at fe80::1ff:fe23:4567:890a.', 'fe80::1ff:fe23:4567:890a'],
  ['IpAddress', '[::1]', '::1'],
  ['CreditCardNumber', 'card 4111 1111 1111 1111 ok', '4111 1111 1111 1111'],
  ['CreditCardNumber', '4111-1111-1111-1111', '4111-1111-1111-1111'],
  ['CreditCardNumber', '"378282246310005"', '378282246310005'],
  ['AwsSecretKey', `aws_secret_access_key = ${KEY}`, KEY],
  ['AwsSecretKey', `{"SecretAccessKey": "${KEY}"}`, KEY],
  ['OpenSshPrivateKey', `x ${pem('OPENSSH PRIVATE KEY')} y`, pem('OPENSSH PRIVATE KEY')],
  ['PgpPrivateKey', pem('PGP PRIVATE KEY BLOCK'), pem('PGP PRIVATE KEY BLOCK')],
  ['PkcsPrivateKey', `x ${pem('RSA PRIVATE KEY')}`, pem('RSA PRIVATE KEY')],
  ['PkcsPrivateKey', `x -----BEGIN PRIVATE KEY-----\nMIIE cut off`, '-----BEGIN PRIVATE KEY-----\nMIIE cut off'],
  [
    'PuttyPrivateKey',
    'PuTTY-User-Key-File-2: ssh-rsa\nPrivate-MAC: 0af1 z',
    'PuTTY-User-Key-File-2: ssh-rsa\nPrivate-MAC: 0af1',
  ],
  ['Ssn-US', 'is 123-45-6789.', '123-45-6789'],
  ['Ssn-US', 'SSN: 123456789', '123456789'],
  ['PhoneNumber-US', 'phone: (212) 555-0123', '212) 555-0123'],
  ['PhoneNumber-US', 'Fax number +1 212.555.0123', '+1 212.555.0123'.slice(1)],
  ['BankAccountNumber-DE', 'IBAN DE89 3704 0044 0532 0130 00 paid', 'DE89 3704 0044 0532 0130 00'],
  ['BankAccountNumber-GB', 'GB82WEST12345698765432', 'GB82WEST12345698765432'],
  ['BankAccountNumber-FR', 'FR14 2004 1010 0505 0001 3M02 606', 'FR14 2004 1010 0505 0001 3M02 606'],
  ['BankAccountNumber-ES', 'ES91 2100 0418 4502 0005 1332', 'ES91 2100 0418 4502 0005 1332'],
  ['BankAccountNumber-IT', 'IT60 X054 2811 1010 0000 0123 456', 'IT60 X054 2811 1010 0000 0123 456'],
  ['VehicleIdentificationNumber', 'VIN 1HGCM82633A004352', '1HGCM82633A004352'],
])('%s hides the data in %j', (name, text, data) => {
  expect(hide(name, text)).toBe(text.replace(data, '*'.repeat(data.length)))
})

test.each([
  ['EmailAddress', 'a@b, @c.de, x@.de'],
  ['IpAddress', 'at 12:34:56, 256.1.1.1, v1.2.3, 1.2.3.4.5, ab::cd::ef'],
  ['CreditCardNumber', '4111111111111112, 1234567890123456, 411111111111, 41111111111111111111'],
  ['AwsSecretKey', `sha1 ${'a'.repeat(40)}, secret key: ${KEY}x`],
  ['OpenSshPrivateKey', '-----BEGIN OPENSSH PUBLIC KEY-----'],
  ['PkcsPrivateKey', '-----BEGIN PUBLIC KEY-----'],
  ['Ssn-US', '000-12-3456 666-12-3456 912-12-3456 123-00-4567 123-45-0000 1123-45-6789 123456789'],
  ['PhoneNumber-US', '212-555-0123 order 2125550123'],
  ['BankAccountNumber-DE', 'DE88370400440532013000'],
  ['VehicleIdentificationNumber', '1HGCM82633A004353'],
])('%s leaves %j alone', (name, text) => {
  expect(hide(name, text)).toBe(text)
})

test('two that stand side by side are both found', () => {
  expect(hide('IpAddress', '10.0.0.1 10.0.0.2')).toBe('******** ********')
  expect(hide('EmailAddress', 'a@b.de,c@d.de')).toBe('******,******')
})

test('what several identifiers find is hidden once, and the rest stays as it is', () => {
  const text = 'mail a@10.0.0.1.de from 10.0.0.9'
  expect(masked(text, detect(text, all))).toBe('mail ************* from ********')
})

test('of any text the mask changes nothing but what was found, sign for sign', () => {
  const part = fc.constantFrom(
    ' ',
    'a',
    '@',
    '.',
    'b.de',
    '10.0.0.1',
    '123-45-6789',
    ':',
    '4111111111111111',
    'é',
    '😀',
  )
  fc.assert(
    fc.property(fc.array(part, { maxLength: 20 }), (parts) => {
      const text = parts.join('')
      const detections = detect(text, all)
      const hidden = masked(text, detections)
      expect(hidden).toHaveLength(text.length)
      for (let at = 0; at < text.length; at += 1) {
        const isFound = detections.some(({ start, end }) => start <= at && at < end)
        expect(hidden[at]).toBe(isFound ? '*' : text[at])
      }
    }),
    { numRuns: 1_000 },
  )
})

test('a hostile text is searched to its end', () => {
  for (const part of ['a@', '1', '1.', ':', '-----BEGIN PRIVATE KEY-----', 'phone ', 'A1', '4 ']) {
    const text = part.repeat(20_000)
    expect(masked(text, detect(text, all))).toHaveLength(text.length)
  }
})
