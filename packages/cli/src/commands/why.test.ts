import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { describe } from '#cli/commands/why.ts'

const say = (diagnosis: Partial<Parameters<typeof describe>[0]>): string =>
  stripVTControlCharacters(describe({ brokerId: 'b-1', brokerName: 'orders', steps: [], fix: [], ...diagnosis }))

test('every link of the chain is a line; details stand under it', () => {
  const steps = [
    { ok: true, title: 'The broker is RUNNING' },
    {
      ok: false,
      title: 'mq.amazonaws.com may not write',
      detail: 'no resource policy allows logs:PutLogEvents\non /aws/amazonmq/b-1',
    },
  ]
  expect(say({ steps, fix: ['aws logs put-resource-policy …'] })).toBe(
    [
      'orders (b-1)',
      '  ok  The broker is RUNNING',
      '  no  mq.amazonaws.com may not write',
      '      no resource policy allows logs:PutLogEvents',
      '      on /aws/amazonmq/b-1',
      '',
      'To mend it:',
      '  aws logs put-resource-policy …',
      '',
    ].join('\n'),
  )
})

test('when all is well it says that there is nothing to mend', () => {
  expect(say({ steps: [{ ok: true, title: 'a', detail: '' }] })).toBe('orders (b-1)\n  ok  a\n\nNothing to mend.\n')
})

test('when no command helps it says so', () => {
  expect(say({ steps: [{ ok: false, title: 'a' }] })).toContain(
    'There is no command that mends this; see the details above.',
  )
})
