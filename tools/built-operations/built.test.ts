import { expect, test } from 'vitest'
import { type ServiceId, serviceModel } from '../../packages/wire/src/index.ts'
import { builtOperations } from './built.ts'

const built = builtOperations()
const services = Object.keys(built) as readonly ServiceId[]

test.each(services)('%s lists only operations that its model has', (service) => {
  const { operations } = serviceModel(service)
  expect([...built[service]].filter((name) => !operations.includes(name))).toEqual([])
})

test('what is known to be built is found', () => {
  expect(built.mq).toContain('CreateBroker')
  expect(built.logs).toContain('PutLogEvents')
  expect(built.logs).not.toContain('TestTransformer')
})
