import type { ServiceId } from '@sluice/wire'
import type { IamMode } from '#kernel/config.ts'
import { type AdminRoute, json } from '#gateway/admin.ts'

/** What the probes ask. */
export interface HealthSource {
  /** False before start-up has ended and after shutdown has begun. */
  ready(): boolean
  readonly version: string
  readonly services: readonly ServiceId[]
  /** Whether denials by policy end calls. */
  readonly iamMode: IamMode
  /** Parts that can be unwell while the platform answers, by name: a sentence, or `undefined` when all is well. */
  troubles(): Readonly<Record<string, string | undefined>>
  /** The certificate of the platform's authority; public by nature. */
  readonly caPem: string
  metrics(): Promise<{ readonly contentType: string; readonly text: string }>
}

/** Health, probes, metrics and the CA certificate; `/_localstack/health` is where tools of emulator users look. */
export function healthRoutes(source: HealthSource): readonly AdminRoute[] {
  const health: AdminRoute['answer'] = () => {
    const troubles = Object.entries(source.troubles()).filter(([, trouble]) => trouble !== undefined)
    return json(source.ready() ? 200 : 503, {
      status: source.ready() ? (troubles.length === 0 ? 'running' : 'degraded') : 'starting',
      version: source.version,
      edition: 'sluice',
      iamMode: source.iamMode,
      services: Object.fromEntries(source.services.map((service) => [service, 'available'])),
      ...(troubles.length === 0 ? {} : { troubles: Object.fromEntries(troubles) }),
    })
  }
  return [
    { method: 'GET', path: '/_sluice/health', answer: health },
    { method: 'GET', path: '/_localstack/health', answer: health },
    {
      method: 'GET',
      path: '/_sluice/ca.pem',
      answer: () => ({ status: 200, headers: { 'content-type': 'application/x-pem-file' }, body: source.caPem }),
    },
    { method: 'GET', path: '/livez', answer: () => json(200, { status: 'alive' }) },
    {
      method: 'GET',
      path: '/readyz',
      answer: () => json(source.ready() ? 200 : 503, { status: source.ready() ? 'ready' : 'not ready' }),
    },
    {
      method: 'GET',
      path: '/metrics',
      answer: async () => {
        const { contentType, text } = await source.metrics()
        return { status: 200, headers: { 'content-type': contentType }, body: text }
      },
    },
  ]
}
