import { expect, test } from 'vitest'
import { coverageText } from './table.ts'

const text = coverageText([
  {
    service: 'mq',
    apiVersion: '2017-11-27',
    operations: ['RebootBroker', 'CreateBroker', 'Promote'],
    built: new Set(['CreateBroker', 'RebootBroker']),
  },
  {
    service: 'sts',
    apiVersion: '2011-06-15',
    operations: ['GetCallerIdentity'],
    built: new Set(['GetCallerIdentity']),
  },
])

test('the sums are those of the services', () => {
  expect(text).toContain('Sluice answers 3 of the 4 operations that the models of its 2 services have.')
  expect(text).toContain('| [mq](#mq) | 2017-11-27 | 2 | 3 |')
})

test('every operation of a model is a row, by name, built or 501', () => {
  expect(text).toContain('| CreateBroker | built |\n| Promote | 501 |\n| RebootBroker | built |\n')
})

test('every service points to what differs from AWS', () => {
  expect(text).toContain('[its README](../packages/server/src/services/sts/README.md)')
})
