import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { describeDenials } from '#cli/commands/why-denied.ts'

type Denial = Parameters<typeof describeDenials>[0]['denials'][number]

const DENIAL: Denial = {
  at: '2026-11-21T11:16:40.500Z',
  end: 'denied',
  call: 'logs CreateLogGroup',
  message: 'User: bob is not authorized to perform: logs:CreateLogGroup on resource: *',
  verdict: 'bob may not perform logs:CreateLogGroup on *: no identity policy allows it.',
  statements: [],
  missingKeys: [],
  remedies: [],
}
const say = (...changes: readonly Partial<Denial>[]): string =>
  stripVTControlCharacters(
    describeDenials({ requestId: 'r', denials: changes.map((change) => ({ ...DENIAL, ...change })) }),
  )

test('each statement stands with its place, what it lacks and its text', () => {
  const statements = [{ where: 'identity policy p, line 2, column 3', sentences: ['It lacks this.'], excerpt: '{\n}' }]
  expect(say({ statements, missingKeys: ['aws:PrincipalTag/team'], remedies: ['Tag bob.'] })).toBe(
    [
      'logs CreateLogGroup at 2026-11-21T11:16:40.500Z: denied',
      `  ${DENIAL.message}`,
      '',
      DENIAL.verdict,
      '',
      'identity policy p, line 2, column 3',
      '  It lacks this.',
      '    {',
      '    }',
      '',
      'The request did not have these condition keys: aws:PrincipalTag/team.',
      '',
      'What would allow it:',
      '  Tag bob.',
      '',
    ].join('\n'),
  )
})

test('a call that was only audited is told apart, and every denial of a call is told', () => {
  const text = say({ end: 'let through' }, { call: 'logs TagResource' })
  expect(text).toContain('logs CreateLogGroup at 2026-11-21T11:16:40.500Z: would be denied; let through')
  expect(text).toContain('\n\nlogs TagResource at')
})
