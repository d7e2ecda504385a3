import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { instanceLayout } from '#engines/activemq/layout.ts'
import { LDAP_METADATA } from '#engines/testing/ldap-metadata.ts'
import { startBroker } from '#engines/activemq/start.ts'
import { testBroker } from '#engines/testing/test-broker.ts'
import { openCertificateAuthority } from '#kernel/ca.ts'
import { silentTelemetry } from '#kernel/telemetry.ts'
import { localRuntime } from '#supervisor/local-runtime.ts'

const ID = 'b-0a1b2c3d-0000-4000-8000-000000000041'

let data: string
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'sluice-start-'))
})
afterEach(() => rm(data, { recursive: true, force: true }))

test('with a directory that lets anybody in, nothing is written and nothing is launched', async () => {
  const layout = instanceLayout(data, ID, 1)
  const starting = startBroker(
    {
      runtime: localRuntime(),
      ca: await openCertificateAuthority(join(data, 'ca')),
      telemetry: silentTelemetry,
      heapScale: 1,
      graceMillis: 1_000,
      ldap: {
        authorities: async () => undefined,
        check: async () => ({ kind: 'unsafe', reason: 'it takes a name without a password' }),
      },
    },
    {
      spec: testBroker(ID, { ldap: LDAP_METADATA }),
      layout,
      address: { host: '127.0.0.1', advertised: '127.0.0.1', ports: [] },
      home: join(data, 'home'),
      java: join(data, 'no-java'),
      libraries: [],
      signal: new AbortController().signal,
    },
  )
  await expect(starting).rejects.toThrow('it takes a name without a password')
  expect((await readdir(data)).toSorted()).toEqual(['ca'])
})
