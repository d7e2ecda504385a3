import { expect, test } from 'vitest'
import { readProtectionPolicy } from '#services/logs/protection/document.ts'

const ARN = 'arn:aws:dataprotection::aws:data-identifier/'
const EMAIL = `${ARN}EmailAddress`

interface Parts {
  readonly identifiers?: readonly unknown[]
  readonly masked?: readonly unknown[]
  readonly audit?: unknown
  readonly mask?: unknown
  readonly rest?: object
}

const document = ({ identifiers = [EMAIL], masked = identifiers, audit, mask, rest = {} }: Parts = {}): string =>
  JSON.stringify({
    Name: 'p',
    Version: '2021-06-01',
    Statement: [
      { Sid: 'a', DataIdentifier: identifiers, Operation: audit ?? { Audit: { FindingsDestination: {} } } },
      { Sid: 'm', DataIdentifier: masked, Operation: mask ?? { Deidentify: { MaskConfig: {} } } },
    ],
    ...rest,
  })
const names = (text: string) => readProtectionPolicy(text).identifiers.map(({ name }) => name)

test('a policy names managed identifiers and its own', () => {
  const rest = { Configuration: { CustomDataIdentifier: [{ Name: 'Employee', Regex: 'EID-\\d{9}' }] } }
  expect(names(document({ identifiers: [EMAIL, `${ARN}Ssn-US`, 'Employee'], rest }))).toEqual([
    'EmailAddress',
    'Ssn-US',
    'Employee',
  ])
  expect(names(document({ identifiers: [EMAIL, `${ARN}IpAddress`], masked: [`${ARN}IpAddress`, EMAIL] }))).toHaveLength(
    2,
  )
})

test('findings can go to a log group', () => {
  const audit = { Audit: { FindingsDestination: { CloudWatchLogs: { LogGroup: 'findings' } } } }
  expect(readProtectionPolicy(document({ audit })).findingsGroup).toBe('findings')
  expect(readProtectionPolicy(document()).findingsGroup).toBeUndefined()
})

const custom = (...list: readonly unknown[]) => ({
  rest: { Configuration: { CustomDataIdentifier: list } },
})
test.each<[string, string, RegExp]>([
  ['no JSON', '{', /it is not JSON/],
  ['no object', '[]', /the document must be a JSON object/],
  ['no name', document({ rest: { Name: '' } }), /Name is missing/],
  ['another version', document({ rest: { Version: '2012-10-17' } }), /Version must be 2021-06-01/],
  ['one statement', document({ rest: { Statement: [{}] } }), /two statements/],
  ['no identifier', document({ identifiers: [] }), /DataIdentifier is missing/],
  ['different identifiers', document({ masked: [`${ARN}IpAddress`] }), /same DataIdentifier/],
  ['the operations exchanged', document({ audit: { Deidentify: {} } }), /operation must be Audit/],
  ['two operations', document({ mask: { Deidentify: { MaskConfig: {} }, Audit: {} } }), /operation must be Deidentify/],
  ['no MaskConfig', document({ mask: { Deidentify: {} } }), /MaskConfig must be a JSON object/],
  ['a filled MaskConfig', document({ mask: { Deidentify: { MaskConfig: { x: 1 } } } }), /MaskConfig must be empty/],
  ['no destination', document({ audit: { Audit: {} } }), /FindingsDestination must be a JSON object/],
  [
    'findings for a bucket',
    document({ audit: { Audit: { FindingsDestination: { S3: { Bucket: 'b' } } } } }),
    /^Audit findings cannot be sent to S3/,
  ],
  [
    'findings for a log group without a name',
    document({ audit: { Audit: { FindingsDestination: { CloudWatchLogs: {} } } } }),
    /must name a LogGroup/,
  ],
  [
    'an unknown managed identifier',
    document({ identifiers: [`${ARN}Name`] }),
    /^The managed data identifier Name is not/,
  ],
  ['an unknown identifier', document({ identifiers: ['Employee'] }), /no data identifier Employee/],
  ['no text', document({ identifiers: [1] }), /must be a text/],
  ['an identifier without a name', document(custom({ Regex: 'a' })), /no valid Name/],
  ['an identifier twice', document(custom({ Name: 'a', Regex: 'a' }, { Name: 'a', Regex: 'b' })), /there twice/],
  ['a bad expression', document(custom({ Name: 'a', Regex: '(a)' })), /Regex of the custom data identifier a/],
  ['a long expression', document(custom({ Name: 'a', Regex: 'a'.repeat(201) })), /Regex of the custom/],
  [
    'too many of its own',
    document(custom(...Array.from({ length: 11 }, (_, at) => ({ Name: String(at), Regex: 'a' })))),
    /at most 10/,
  ],
  ['too much text', document({ rest: { Description: 'x'.repeat(31_000) } }), /longer than 30720 characters/],
])('a policy with %s is refused', (_what, text, message) => {
  expect(() => readProtectionPolicy(text)).toThrow(
    expect.objectContaining({
      code: 'InvalidParameterException',
      status: 400,
      message: expect.stringMatching(message),
    }),
  )
})
