import { expect, test } from 'vitest'
import { loadModel } from '../model/load.ts'
import type { Model } from '../model/model.ts'
import { compileRoutes } from './route.ts'

const model = (uris: Readonly<Record<string, string>>): Model => ({
  ...loadModel('mq'),
  operations: Object.fromEntries(
    Object.entries(uris).map(([name, requestUri]) => [name, { http: { method: 'GET', requestUri } }]),
  ),
})

test('every path of mq routes to its own operation', () => {
  const mq = loadModel('mq')
  const route = compileRoutes(mq)
  for (const [name, { http }] of Object.entries(mq.operations)) {
    expect(route(http.method, http.requestUri.replaceAll(/\{[^}]+\}/g, 'x'))?.operation).toBe(name)
  }
})

test('a literal wins over a label, whatever their order', () => {
  const route = compileRoutes(model({ Any: '/a/{x}', Fixed: '/a/b' }))
  expect(route('GET', '/a/b')?.operation).toBe('Fixed')
  expect(route('GET', '/a/c')).toEqual({ operation: 'Any', labels: { x: 'c' } })
})

test('a slash that is encoded stays inside its label; an empty label does not match', () => {
  const route = compileRoutes(model({ Any: '/a/{x}' }))
  expect(route('GET', '/a/b%2Fc')?.labels).toEqual({ x: 'b%2Fc' })
  expect(route('GET', '/a/b/c')).toBeUndefined()
  expect(route('GET', '/a/')).toBeUndefined()
  expect(route('POST', '/a/b')).toBeUndefined()
})

test('a path this router cannot read is refused when it is compiled', () => {
  expect(() => compileRoutes(model({ Greedy: '/{key+}' }))).toThrow('Greedy')
})
