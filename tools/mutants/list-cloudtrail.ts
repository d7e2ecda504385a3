import type { Mutant, TestRun } from './mutant.ts'

const CLOUDTRAIL = 'packages/server/src/services/cloudtrail'
const AUDIT = 'packages/server/src/audit'
const GATEWAY = 'packages/server/src/gateway'
const unit = (...files: readonly string[]): TestRun => ({
  project: 'unit',
  files: files.map((file) => `${CLOUDTRAIL}/${file}`),
})

/** Trails: their gates, what reaches their files, digests, and what records show. */
export const CLOUDTRAIL_MUTANTS: readonly Mutant[] = [
  {
    name: 'cloudtrail: the bucket is not tried',
    file: `${CLOUDTRAIL}/trails/wanted.ts`,
    find: 'await checkBucket(ctx.call, destination)',
    replace: 'void checkBucket',
    tests: unit('operations/trails.test.ts'),
  },
  {
    name: 'cloudtrail: a role that does not trust is taken',
    file: `${CLOUDTRAIL}/destinations/check-logs.ts`,
    find: 'if (!trusted) throw cloudtrailErrors.roleTrust()',
    replace: 'void trusted',
    tests: unit('destinations/destinations.test.ts'),
  },
  {
    name: 'cloudtrail: files go as nobody in particular',
    file: `${CLOUDTRAIL}/destinations/acting-as.ts`,
    find: "  kind: 'service',\n  service: CLOUDTRAIL,\n  sourceArn: arn,",
    replace: "  kind: 'service',\n  service: CLOUDTRAIL,\n  sourceArn: home,",
    tests: unit('operations/trails.test.ts', 'delivery/files.test.ts'),
  },
  {
    name: 'cloudtrail: the key is not bound to the trail',
    file: `${CLOUDTRAIL}/destinations/check-key.ts`,
    find: "      EncryptionContext: { 'aws:cloudtrail:arn': trail.arn },\n",
    replace: '',
    tests: unit('destinations/destinations.test.ts'),
  },
  {
    name: 'cloudtrail: a shadow can be changed',
    file: `${CLOUDTRAIL}/trails/trails.ts`,
    find: 'if (trail.home !== place.region) throw cloudtrailErrors.homeRegion(trail.arn, trail.home)',
    replace: '',
    tests: unit('operations/trails.test.ts'),
  },
  {
    name: 'cloudtrail: stopped trails go on',
    file: `${CLOUDTRAIL}/delivery/in-scope.ts`,
    find: '(to === undefined || event.seq < to)',
    replace: 'to !== event.seq',
    tests: unit('delivery/files.test.ts'),
  },
  {
    name: 'cloudtrail: a trail of one region gets all',
    file: `${CLOUDTRAIL}/delivery/in-scope.ts`,
    find: 'if (event.region !== home && !scope.multiRegion) return false',
    replace: '',
    tests: unit('delivery/files.test.ts'),
  },
  {
    name: 'cloudtrail: files are not planned before they are written',
    file: `${CLOUDTRAIL}/delivery/file-courier.ts`,
    find: '    await states.put(trail, { ...state, plan })\n    const written = await this.#write(trail, { ...state, plan },',
    replace: '    const written = await this.#write(trail, state,',
    tests: unit('delivery/files.test.ts'),
  },
  {
    name: 'cloudtrail: a failed file is passed over',
    file: `${CLOUDTRAIL}/delivery/file-courier.ts`,
    find: '{ ...state.latest, files: latest } })\n      throw error',
    replace: '{ ...state.latest, files: latest } })',
    tests: unit('delivery/files.test.ts'),
  },
  {
    name: 'cloudtrail: a digest does not name the one before',
    file: `${CLOUDTRAIL}/digests/digest-courier.ts`,
    find: '{ ...content, previous: chain.previous }',
    replace: '{ ...content, previous: undefined }',
    tests: unit('digests/digests.test.ts'),
  },
  {
    name: 'cloudtrail: a digest is not bound to its place',
    file: `${CLOUDTRAIL}/digests/digest.ts`,
    find: '    `${content.bucket}/${content.key}`,\n    hash,',
    replace: '    hash,',
    tests: unit('digests/digests.test.ts'),
  },
  {
    name: 'cloudtrail: listed files wait again',
    file: `${CLOUDTRAIL}/digests/digest-courier.ts`,
    find: 'await states.put(trail, next, { listed: files })',
    replace: 'await states.put(trail, next, {})',
    tests: unit('digests/digests.test.ts'),
  },
  {
    name: 'cloudtrail: signing keys are not sealed',
    file: `${CLOUDTRAIL}/digests/signing-keys.ts`,
    find: 'sealed: this.#sealer.seal(pem, contextOf(place, fingerprint)),',
    replace: 'sealed: pem,',
    tests: unit('digests/digests.test.ts'),
  },
  {
    name: 'cloudtrail: data calls are recorded unasked',
    file: `${GATEWAY}/record.ts`,
    find: 'if (isData && !(await audit.wantsData(dataCall(call, facts.eventSource)))) return',
    replace: 'void dataCall',
    tests: unit('selectors/data-events.test.ts'),
  },
  {
    name: 'cloudtrail: a trail feeds itself',
    file: `${GATEWAY}/record.ts`,
    find: "DATA_SOURCES.has(eventSource) && principal.kind !== 'service'",
    replace: 'DATA_SOURCES.has(eventSource) && principal !== undefined',
    tests: unit('selectors/data-events.test.ts'),
  },
  {
    name: 'audit: private keys of SAML providers are recorded',
    file: 'packages/server/src/services/iam/index.ts',
    find: "    UpdateSAMLProvider: ['AddPrivateKey'],\n",
    replace: '',
    tests: { project: 'unit', files: [`${GATEWAY}/redaction.test.ts`] },
  },
  {
    name: 'audit: the owner learns who in another account it was',
    file: `${AUDIT}/api-call.ts`,
    find: "ctx.principal.kind !== 'service' && ctx.principal.account !== recipient",
    replace: "ctx.principal.kind === 'anonymous' && ctx.principal.account !== recipient",
    tests: { project: 'unit', files: [`${AUDIT}/shared-events.test.ts`] },
  },
  {
    name: 'cloudtrail: a topic is not tried',
    file: `${CLOUDTRAIL}/trails/wanted.ts`,
    find: 'await checkTopic(ctx.call, owner, topic.arn)',
    replace: 'void checkTopic',
    tests: unit('delivery/notify.test.ts'),
  },
  {
    name: 'cloudtrail: a topic that fails holds up the files',
    file: `${CLOUDTRAIL}/delivery/notify.ts`,
    find: 'signal.throwIfAborted()',
    replace: 'if (signal !== undefined) throw error',
    tests: unit('delivery/notify.test.ts'),
  },
]
