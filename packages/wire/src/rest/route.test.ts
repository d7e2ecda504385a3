import { expect, test } from 'vitest'
import { loadModel } from '../model/load.ts'
import type { Model } from '../model/model.ts'
import { type Routed, compileRoutes } from './route.ts'

const routesOf = (of: Model) => {
  const route = compileRoutes(of)
  return (
    method: string,
    path: string,
    query = '',
    headers: Readonly<Record<string, string>> = {},
  ): Routed | undefined => route(method, path, query, headers)
}

const model = (uris: Readonly<Record<string, string>>): Model => ({
  ...loadModel('mq'),
  operations: Object.fromEntries(
    Object.entries(uris).map(([name, requestUri]) => [name, { http: { method: 'GET', requestUri } }]),
  ),
})

test('every path of mq routes to its own operation', () => {
  const mq = loadModel('mq')
  const route = routesOf(mq)
  for (const [name, { http }] of Object.entries(mq.operations)) {
    expect(route(http.method, http.requestUri.replaceAll(/\{[^}]+\}/g, 'x'))?.operation).toBe(name)
  }
})

test('a literal wins over a label, whatever their order', () => {
  const route = routesOf(model({ Any: '/a/{x}', Fixed: '/a/b' }))
  expect(route('GET', '/a/b')?.operation).toBe('Fixed')
  expect(route('GET', '/a/c')).toEqual({ operation: 'Any', labels: { x: 'c' } })
})

test('a slash that is encoded stays inside its label; an empty label does not match', () => {
  const route = routesOf(model({ Any: '/a/{x}' }))
  expect(route('GET', '/a/b%2Fc')?.labels).toEqual({ x: 'b%2Fc' })
  expect(route('GET', '/a/b/c')).toBeUndefined()
  expect(route('GET', '/a/')).toBeUndefined()
  expect(route('POST', '/a/b')).toBeUndefined()
})

test('a label with a plus takes the rest of the path, and not nothing', () => {
  const route = routesOf(model({ Whole: '/{b}', Inner: '/{b}/{key+}' }))
  expect(route('GET', '/x')?.operation).toBe('Whole')
  expect(route('GET', '/x/y')).toEqual({ operation: 'Inner', labels: { b: 'x', key: 'y' } })
  expect(route('GET', '/x/y//z/')?.labels).toEqual({ b: 'x', key: 'y//z/' })
  expect(route('GET', '/x/')).toBeUndefined()
  expect(route('GET', '/x//')).toEqual({ operation: 'Inner', labels: { b: 'x', key: '/' } })
})

test('a parameter that belongs to the path wins over a path without', () => {
  const route = routesOf(model({ Any: '/{b}', Tags: '/{b}?tagging', Second: '/{b}?list-type=2' }))
  expect(route('GET', '/x')?.operation).toBe('Any')
  expect(route('GET', '/x', 'tagging=')?.operation).toBe('Tags')
  expect(route('GET', '/x', 'a=b&tagging')?.operation).toBe('Tags')
  expect(route('GET', '/x', 'list-type=2&prefix=p')?.operation).toBe('Second')
  expect(route('GET', '/x', 'list-type=3')?.operation).toBe('Any')
})

const s3 = routesOf(loadModel('s3'))

test.each([
  { method: 'GET', path: '/b/k', query: '', operation: 'GetObject' },
  { method: 'GET', path: '/b/k', query: 'x-id=GetObject', operation: 'GetObject' },
  { method: 'GET', path: '/b/k', query: 'uploadId=u', operation: 'ListParts' },
  { method: 'PUT', path: '/b/k', query: '', operation: 'PutObject' },
  { method: 'PUT', path: '/b/k', query: '', headers: { 'x-amz-copy-source': '/b/o' }, operation: 'CopyObject' },
  { method: 'PUT', path: '/b/k', query: 'partNumber=1&uploadId=u', operation: 'UploadPart' },
  {
    method: 'PUT',
    path: '/b/k',
    query: 'partNumber=1&uploadId=u',
    headers: { 'x-amz-copy-source': '/b/o' },
    operation: 'UploadPartCopy',
  },
  { method: 'DELETE', path: '/b/k', query: '', operation: 'DeleteObject' },
  { method: 'DELETE', path: '/b/k', query: 'uploadId=u', operation: 'AbortMultipartUpload' },
  { method: 'POST', path: '/b/k', query: 'uploads=', operation: 'CreateMultipartUpload' },
  { method: 'POST', path: '/b/k', query: 'uploadId=u', operation: 'CompleteMultipartUpload' },
  { method: 'POST', path: '/b', query: 'delete=', operation: 'DeleteObjects' },
  { method: 'GET', path: '/b', query: 'inventory', operation: 'ListBucketInventoryConfigurations' },
  { method: 'GET', path: '/b', query: 'inventory&id=i', operation: 'GetBucketInventoryConfiguration' },
  { method: 'GET', path: '/', query: '', operation: 'ListBuckets' },
  { method: 'HEAD', path: '/b', query: '', operation: 'HeadBucket' },
])('S3: $method $path?$query is $operation', ({ method, path, query, headers, operation }) => {
  expect(s3(method, path, query, headers)?.operation).toBe(operation)
})

test('an operation that misses a required parameter is still that operation, for its reader to say so', () => {
  const route = routesOf(loadModel('opensearch'))
  expect(route('GET', '/2021-01-01/tags/')?.operation).toBe('ListTags')
})

test('the slash at the end of a path that a model has may be left out, others may not be added', () => {
  expect(routesOf(loadModel('opensearch'))('GET', '/2021-01-01/tags', 'arn=a')?.operation).toBe('ListTags')
  expect(routesOf(loadModel('mq'))('GET', '/v1/brokers/')).toBeUndefined()
})
