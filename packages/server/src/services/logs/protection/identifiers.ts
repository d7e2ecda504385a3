import { isIP } from 'node:net'
import { RE2JS } from 're2js'
import { passesLuhn, passesMod97, passesVin } from '#services/logs/protection/checksums.ts'

/** Finds one kind of sensitive data. Searches take time linear in the text. */
export interface DataIdentifier {
  readonly name: string
  /** The data is its first group that took part, or all of it when it has none: groups leave out what is around. */
  readonly regex: RE2JS
  /** A text without it has none of this data; spares the search. */
  readonly hint?: string
  /** Whether what was found is such data: checksums and ranges. */
  readonly isValid?: (found: string) => boolean
}

interface Written extends Omit<DataIdentifier, 'name' | 'regex'> {
  readonly expression: string
}

/** Letters and digits on neither side, since RE2 has no look-around: the data is the first group. */
const alone = (expression: string): string => `(?:^|[^A-Za-z0-9])(${expression})(?:$|[^A-Za-z0-9])`
const near = (keywords: string, expression: string): string =>
  `(?i)(?:^|[^a-z0-9])(?:${keywords})[^a-z0-9]{1,20}(${expression})(?:$|[^a-z0-9])`
const block = (begin: string, end: string): string => `(?s)${begin}.*?(?:${end}|$)`
const digitsOf = (text: string): string => text.replaceAll(/\D/g, '')
const iban = (country: string, rest: string): Written => ({
  expression: alone(`${country}[0-9]{2} ?${rest}`),
  hint: country,
  isValid: (found) => passesMod97(found.replaceAll(' ', '')),
})

/**
 * The managed identifiers that can be decided by how data is written. Where AWS asks for a word nearby, one is asked for
 * here unless a checksum or the form itself tells enough.
 * @source CloudWatch Logs user guide, "Types of data that you can protect"
 */
const WRITTEN: Readonly<Record<string, Written>> = {
  EmailAddress: {
    expression: '[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\\.)+[A-Za-z]{2,24}',
    hint: '@',
  },
  IpAddress: {
    expression:
      '(?:^|[^0-9A-Za-z.])((?:[0-9]{1,3}\\.){3}[0-9]{1,3})(?:$|[^0-9A-Za-z.]|\\.(?:$|[^0-9A-Za-z.]))|' +
      '(?:^|[^0-9A-Za-z.:])([0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7})(?:$|[^0-9A-Za-z:])',
    isValid: (found) => isIP(found) !== 0 && found !== '::',
  },
  CreditCardNumber: {
    expression: '(?:^|[^0-9A-Za-z-])([2-6][0-9]{3}(?:[ -]?[0-9]{2,4}){2}[ -]?[0-9]{2,7})(?:$|[^0-9A-Za-z-])',
    isValid: (found) => isCardLength(digitsOf(found)) && passesLuhn(digitsOf(found)),
  },
  AwsSecretKey: {
    expression:
      '(?i)(?:aws_?secret_?access_?key|secret[ _]?access[ _]?key|secret[ _]?key|credentials?|set-awscredential)[^a-z0-9/+]{1,30}([a-z0-9/+]{40})(?:$|[^a-z0-9/+=])',
  },
  OpenSshPrivateKey: {
    expression: block('-----BEGIN OPENSSH PRIVATE KEY-----', '-----END OPENSSH PRIVATE KEY-----'),
    hint: 'BEGIN OPENSSH PRIVATE KEY',
  },
  PgpPrivateKey: {
    expression: block('-----BEGIN PGP PRIVATE KEY BLOCK-----', '-----END PGP PRIVATE KEY BLOCK-----'),
    hint: 'BEGIN PGP PRIVATE KEY BLOCK',
  },
  PkcsPrivateKey: {
    expression: block(
      '-----BEGIN (?:RSA |EC |DSA |ENCRYPTED )?PRIVATE KEY-----',
      '-----END (?:RSA |EC |DSA |ENCRYPTED )?PRIVATE KEY-----',
    ),
    hint: 'PRIVATE KEY-----',
  },
  PuttyPrivateKey: {
    expression: block('PuTTY-User-Key-File-[0-9]:', 'Private-MAC: [0-9a-f]+'),
    hint: 'PuTTY-User-Key-File-',
  },
  'Ssn-US': {
    expression: `${alone('[0-9]{3}-[0-9]{2}-[0-9]{4}')}|${near('ssn|social security(?: number)?', '[0-9]{9}')}`,
    isValid: (found) => isSsn(digitsOf(found)),
  },
  'PhoneNumber-US': {
    expression: near(
      'cell|contact|fax|fax number|mobile|phone|phone number|tel|telephone|telephone number',
      '(?:\\+?1[-. ]?)?\\(?[2-9][0-9]{2}\\)?[-. ]?[2-9][0-9]{2}[-. ]?[0-9]{4}',
    ),
  },
  'BankAccountNumber-DE': iban('DE', '(?:[0-9]{4} ?){4}[0-9]{2}'),
  'BankAccountNumber-ES': iban('ES', '(?:[0-9]{4} ?){4}[0-9]{4}'),
  'BankAccountNumber-FR': iban('FR', '(?:[0-9]{4} ?){2}[0-9]{2}[0-9A-Z]{2} ?(?:[0-9A-Z]{4} ?){2}[0-9A-Z][0-9]{2}'),
  'BankAccountNumber-GB': iban('GB', '[A-Z]{4} ?(?:[0-9]{4} ?){3}[0-9]{2}'),
  'BankAccountNumber-IT': iban('IT', '[A-Z][0-9]{3} ?(?:[0-9]{4} ?)[0-9]{3}[0-9A-Z] ?(?:[0-9A-Z]{4} ?){2}[0-9A-Z]{3}'),
  VehicleIdentificationNumber: {
    expression: alone('[A-HJ-NPR-Z0-9]{17}'),
    isValid: passesVin,
  },
}

const isCardLength = (digits: string): boolean => digits.length >= 13 && digits.length <= 19

/** No such number was ever given out otherwise. @source US Social Security Administration */
function isSsn(digits: string): boolean {
  const [area, group, serial] = [digits.slice(0, 3), digits.slice(3, 5), digits.slice(5)]
  return area !== '000' && area !== '666' && area < '900' && group !== '00' && serial !== '0000'
}

const compiled = new Map<string, DataIdentifier>()

/** A managed identifier. `undefined`: AWS may have it, Sluice has not. */
export function managedIdentifier(name: string): DataIdentifier | undefined {
  const known = compiled.get(name)
  if (known !== undefined) return known
  if (!Object.hasOwn(WRITTEN, name)) return undefined
  const { expression, ...rest } = WRITTEN[name] ?? { expression: '' }
  const identifier: DataIdentifier = { name, regex: RE2JS.compile(expression), ...rest }
  compiled.set(name, identifier)
  return identifier
}

/** Names of the managed identifiers that there are. */
export const MANAGED_IDENTIFIERS: readonly string[] = Object.keys(WRITTEN)
