import { expect, test } from 'vitest'
import { silentTelemetry } from '#kernel/telemetry.ts'
import { adminRoutes } from '#gateway/admin.ts'
import { type HealthSource, healthRoutes } from '#gateway/health-routes.ts'
import { requestOf } from '../../../testkit/src/gateway-bench.ts'

const well: HealthSource = {
  ready: () => true,
  version: '1.2.3',
  services: ['logs', 'mq'],
  iamMode: 'enforce',
  troubles: () => ({ columnStore: undefined }),
  caPem: '-----BEGIN CERTIFICATE-----\n',
  metrics: async () => ({ contentType: 'text/plain; version=0.0.4', text: 'sluice_up 1\n' }),
}

async function get(
  rawUrl: string,
  changes: Partial<HealthSource> = {},
): Promise<{ readonly status: number; readonly body: string; readonly type: string | undefined }> {
  const reply = await adminRoutes(healthRoutes({ ...well, ...changes }), silentTelemetry)(requestOf({ rawUrl }))
  if (reply === undefined) throw new Error(`nobody answers ${rawUrl}`)
  return { status: reply.status, body: String(reply.body), type: reply.headers['content-type'] }
}

test.each(['/_sluice/health', '/_localstack/health'])(
  '%s says how the platform is and what it serves',
  async (path) => {
    const { status, body } = await get(path)
    expect([status, JSON.parse(body)]).toEqual([
      200,
      {
        status: 'running',
        version: '1.2.3',
        edition: 'sluice',
        iamMode: 'enforce',
        services: { logs: 'available', mq: 'available' },
      },
    ])
  },
)

test('a part that is unwell is named, while the platform goes on answering', async () => {
  const { status, body } = await get('/_sluice/health', {
    troubles: () => ({ columnStore: 'it is restarting', other: undefined }),
  })
  expect([status, JSON.parse(body)]).toEqual([
    200,
    expect.objectContaining({ status: 'degraded', troubles: { columnStore: 'it is restarting' } }),
  ])
})

test('before the start has ended, and after the stop has begun, it is alive but not ready', async () => {
  const starting = { ready: () => false }
  expect((await get('/livez', starting)).status).toBe(200)
  expect((await get('/readyz', starting)).status).toBe(503)
  const { status, body } = await get('/_sluice/health', starting)
  expect([status, JSON.parse(body)]).toEqual([503, expect.objectContaining({ status: 'starting' })])
})

test('ready is ready', async () => {
  expect((await get('/readyz')).status).toBe(200)
})

test('anyone may have the certificate of the authority, as PEM', async () => {
  expect(await get('/_sluice/ca.pem')).toEqual({
    status: 200,
    body: '-----BEGIN CERTIFICATE-----\n',
    type: 'application/x-pem-file',
  })
})

test('metrics come in the content type that Prometheus asks for', async () => {
  expect(await get('/metrics')).toEqual({ status: 200, body: 'sluice_up 1\n', type: 'text/plain; version=0.0.4' })
})
