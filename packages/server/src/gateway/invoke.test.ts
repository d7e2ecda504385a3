import { expect, test } from 'vitest'
import { WireError } from '@sluice/wire'
import { AwsError, Unavailable } from '#kernel/errors.ts'
import { type LogFields, silentTelemetry } from '#kernel/telemetry.ts'
import { asFault, invoke, notBuilt } from '#gateway/invoke.ts'
import { needs } from '../../../testkit/src/gateway-bench.ts'
import { ACCOUNT, contextOf, rootOf } from '#services/iam/test-bench.ts'

const ctx = contextOf(rootOf(ACCOUNT))
const built = (handler: () => unknown) => ({ handler: handler as () => object, access: needs('x'), secrets: [] })

test('what a handler answers is the answer, at once or later', async () => {
  expect(
    await invoke(
      built(() => ({ a: 1 })),
      {},
      ctx,
    ),
  ).toEqual({ a: 1 })
  expect(
    await invoke(
      built(async () => ({ a: 1 })),
      {},
      ctx,
    ),
  ).toEqual({ a: 1 })
})

test('a handler that answers nothing answers an empty structure', async () => {
  expect(
    await invoke(
      built(() => undefined),
      {},
      ctx,
    ),
  ).toEqual({})
})

test('a handler that throws at once rejects like any other', async () => {
  const thrown = new Error('at once')
  await expect(
    invoke(
      built(() => {
        throw thrown
      }),
      {},
      ctx,
    ),
  ).rejects.toBe(thrown)
})

test('an operation that is not built says where the list is, with a status that no client retries', () => {
  expect(notBuilt('logs', 'StartQuery')).toMatchObject({
    code: 'NotImplemented',
    status: 501,
    message: 'StartQuery of logs is not built in this version of Sluice; docs/coverage.md lists what is.',
  })
})

const request = { id: 'r-1', operation: 'CreateLogGroup', protocol: 'aws-json-1.1' } as const

test.each([new AwsError('A', 400, 'a'), new WireError('W', 400, 'w')])(
  '$name is a fault as it is, and no error of ours',
  (error) => {
    expect(asFault(error, request, silentTelemetry)).toBe(error)
  },
)

test.each([
  { protocol: 'aws-json-1.1', code: 'ServiceUnavailableException' },
  { protocol: 'rpc-v2-cbor', code: 'ServiceUnavailableException' },
  { protocol: 'aws-query', code: 'ServiceUnavailable' },
] as const)('what is unavailable is a 503 over $protocol that tells no more than it may', ({ protocol, code }) => {
  const errors: LogFields[] = []
  const telemetry = {
    ...silentTelemetry,
    log: { ...silentTelemetry.log, error: (fields: LogFields) => errors.push(fields) },
  }
  const error = new Unavailable('no answer from /secret/path', 'Please try again.')
  expect(asFault(error, { ...request, protocol }, telemetry)).toEqual({
    code,
    status: 503,
    message: 'Please try again.',
  })
  expect(errors).toEqual([])
})

test('anything else becomes an internal error that names the request; the log has what happened', () => {
  const errors: LogFields[] = []
  const telemetry = {
    ...silentTelemetry,
    log: { ...silentTelemetry.log, error: (fields: LogFields) => errors.push(fields) },
  }
  const error = Object.assign(new Error('secret path'), { code: 'ENOENT', status: 200 })
  expect(asFault(error, request, telemetry)).toEqual({
    code: 'InternalFailure',
    status: 500,
    message: "An internal error occurred. The platform's log tells more under request r-1.",
  })
  expect(errors).toEqual([
    {
      event: 'internal_error',
      requestId: 'r-1',
      operation: 'CreateLogGroup',
      message: 'secret path',
      stack: error.stack,
    },
  ])
})
