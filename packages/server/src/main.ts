import { join } from 'node:path'
import { openAudit } from '#audit/audit.ts'
import { tellServiceEvents } from '#audit/service-event.ts'
import { openDeliveries } from '#delivery/deliveries.ts'
import { activemqEngine, activemqVersions, instanceTypes } from '#engines/activemq/index.ts'
import { installedRabbitmq, rabbitmqEngine, rabbitmqInstanceTypes } from '#engines/rabbitmq/index.ts'
import { accountRoutes } from '#gateway/accounts/account-routes.ts'
import { containerRoute } from '#gateway/accounts/container-route.ts'
import { containerTokens } from '#gateway/accounts/container-token.ts'
import { adminRoutes } from '#gateway/admin.ts'
import { BodyBudget } from '#gateway/body.ts'
import { openGateway } from '#gateway/chain.ts'
import { openDenialLog } from '#gateway/denials/denial-log.ts'
import { whyDeniedRoute } from '#gateway/denials/why-denied-route.ts'
import { diagnosisRoute } from '#gateway/diagnosis-route.ts'
import { openDigestThreads } from '#gateway/digests/digest-threads.ts'
import { healthRoutes } from '#gateway/health-routes.ts'
import { isLoopbackAddress, ownHosts } from '#gateway/hosts.ts'
import { listen } from '#gateway/http.ts'
import { httpsCertificate } from '#gateway/https-certificate.ts'
import { type Services, openRegistry } from '#gateway/registry.ts'
import { testingRoutes } from '#gateway/testing-routes.ts'
import { authorizationMessages } from '#kernel/authorization-message.ts'
import { openCertificateAuthority } from '#kernel/ca.ts'
import type { Call } from '#kernel/call.ts'
import { type Config, ConfigError } from '#kernel/config.ts'
import { takeDataDirectory } from '#kernel/data-directory.ts'
import { Lifecycle, every } from '#kernel/lifecycle.ts'
import { pageTokens } from '#kernel/page-token.ts'
import { keySealer, readOrCreateKey } from '#kernel/secrets.ts'
import { type TelemetryOutput, openTelemetry } from '#kernel/telemetry-output.ts'
import { VERSION } from '#kernel/version.ts'
import { cloudtrailService } from '#services/cloudtrail/index.ts'
import { cloudwatchService } from '#services/cloudwatch/index.ts'
import { iamService } from '#services/iam/index.ts'
import { accountDirectory, identityPort, loadOrCreateRootKey, sessionPort } from '#services/iam/port.ts'
import { kmsService, openVault } from '#services/kms/index.ts'
import { incomingMetrics, logMetrics, logsService, retentionSweep, s3ExportSink } from '#services/logs/index.ts'
import { mqService } from '#services/mq/index.ts'
import { s3Service } from '#services/s3/index.ts'
import { stsService } from '#services/sts/index.ts'
import { unbuiltServices } from '#services/unbuilt.ts'
import { openApiJournal } from '#stores/journals/api-events/index.ts'
import { openColumnStore } from '#stores/journals/column-store.ts'
import { openLogJournal } from '#stores/journals/log-events/index.ts'
import { openMetricJournal } from '#stores/journals/metric-points/index.ts'
import { openDiskObjects } from '#stores/objects/disk/index.ts'
import { openPersistedClock } from '#stores/records/persisted-clock.ts'
import { openSqliteRecords } from '#stores/records/sqlite/index.ts'

/** A running platform. */
export interface Platform {
  /** Where it answers, e.g. `http://127.0.0.1:4566`. */
  readonly url: string
  /** The generated root key, when the platform made one because it is not bound to loopback. */
  readonly rootKey: { readonly accessKeyId: string; readonly secret: string; readonly file: string } | undefined
  /** Stops in order; with `keepBrokers` the brokers run on and the next start adopts them. */
  close(options?: { readonly keepBrokers?: boolean }): Promise<void>
}

/** How long requests may finish after the platform was told to stop. */
const REQUEST_GRACE_MILLIS = 10_000
/** How often S3 looks for what its lifecycle rules let expire. */
const LIFECYCLE_SWEEP_MILLIS = 30_000
/** How often expired log events are freed. */
const RETENTION_SWEEP_MILLIS = 60_000
/** How often key material that is due ends, or rotates, though nobody asks for its key. */
const KEY_SWEEP_MILLIS = 600_000
/** How often it is looked which files and digests of trails are due; what a bucket refused is tried again then. */
const TRAIL_ROUND_MILLIS = 10_000
/** How often denials go to the disk, with their explanations. */
const DENIALS_FLUSH_MILLIS = 1_000
/** How often minutes that are over become metric points. */
const METRICS_FLUSH_MILLIS = 1_000
/** How often it is looked which alarms are due. */
const ALARM_ROUND_MILLIS = 1_000
/** How often the history of deleted alarms that is kept no longer is removed. */
const ALARM_SWEEP_MILLIS = 3_600_000

/**
 * Builds the platform from its parts and starts it. This is the only place that knows all of them.
 * @throws Error in one sentence: directory in use or from a newer version, port taken, store unreadable
 */
export async function startPlatform(config: Config): Promise<Platform> {
  const telemetry = openTelemetry({ level: config.logLevel })
  const lifecycle = new Lifecycle(telemetry.log)
  try {
    return await build(config, telemetry, lifecycle)
  } catch (error) {
    await lifecycle.close()
    throw error
  }
}

async function build(config: Config, telemetry: TelemetryOutput, lifecycle: Lifecycle): Promise<Platform> {
  const loopback = isLoopback(config.host)
  if (config.testing && !loopback)
    throw new ConfigError('SLUICE_TESTING opens calls without a signature, so it works on a loopback address only')

  const data = takeDataDirectory(config.data)
  lifecycle.onStop('data directory', () => data.release())
  const inData = (name: string): string => join(config.data, name)
  const sealingKey = readOrCreateKey(inData('sealing.key'))
  const sealer = keySealer(sealingKey)

  const records = openSqliteRecords({ file: inData('records.db') })
  lifecycle.onStop('records', () => records.close())
  const clock = await openPersistedClock(records)
  const columns = await openColumnStore({ directory: inData('clickhouse'), telemetry })
  lifecycle.onStop('column store', () => columns.close())
  const logJournal = await openLogJournal({ directory: inData('journal/logs'), records, columns, clock, telemetry })
  lifecycle.onStop('log journal', () => logJournal.close())
  const apiJournal = await openApiJournal({ directory: inData('journal/api'), records, columns, clock, telemetry })
  lifecycle.onStop('API journal', () => apiJournal.close())

  const metricJournal = await openMetricJournal({
    directory: inData('journal/metrics'),
    records,
    columns,
    clock,
    telemetry,
  })
  lifecycle.onStop('metric journal', () => metricJournal.close())
  const logsMetricsDeps = { sink: metricJournal, clock, telemetry }
  const metrics = logMetrics(logsMetricsDeps)
  lifecycle.onStop('metrics of log events', () => metrics.close())
  const incoming = incomingMetrics(logsMetricsDeps)
  lifecycle.onStop('metrics of the logs service', () => incoming.close())

  const rootKey = loopback ? undefined : loadOrCreateRootKey(inData('credentials.json'))
  const rootKeys = rootKey === undefined ? config.rootKeys : [...config.rootKeys, rootKey]
  const identity = identityPort({ records, sealer, rootKeys, loopback })
  const accounts = accountDirectory({ records, sealer, clock, rootKeys, loopback })
  const tokens = pageTokens(sealingKey, clock)
  const messages = authorizationMessages(sealingKey)

  // Services call each other through the gateway, which is built from them: the knot is tied here and nowhere else.
  const knot: { call?: Call } = {}
  const lateCall: Call = (...parameters) => {
    if (knot.call === undefined) throw new Error('a service called another one before the gateway was there')
    return knot.call(...parameters)
  }
  const ca = await openCertificateAuthority(inData('ca'))
  const engine = activemqEngine({
    dataDirectory: config.data,
    cacheDirectory: config.cache,
    ca,
    telemetry,
    ...(config.java === '' ? {} : { java: config.java }),
    ...(config.ldapCaFile === '' ? {} : { ldapCaFile: config.ldapCaFile }),
    ...(loopback ? {} : { bindAddress: config.host }),
  })
  const deliveries = openDeliveries({
    call: lateCall,
    checkpoint: (source) => logJournal.checkpoint(source),
    clock,
    telemetry,
  })
  lifecycle.onStop('deliveries', () => deliveries.close())
  const mq = mqService({
    records,
    engine,
    rabbitmq: {
      engine: rabbitmqEngine({ dataDirectory: config.data, ca, ...(loopback ? {} : { bindAddress: config.host }) }),
      installed: installedRabbitmq,
      instanceTypes: rabbitmqInstanceTypes,
    },
    deliveries,
    call: lateCall,
    clock,
    sealer,
    telemetry,
    tokens,
    metrics: metricJournal,
    engineVersions: activemqVersions,
    instanceTypes,
    auditDetail: config.auditDetail,
  })
  const kms = kmsService({
    records,
    vault: await openVault(records, kmsRootKey(config, inData('kms-root.key'))),
    clock,
    tokens,
    tell: tellServiceEvents(apiJournal),
  })
  const objects = await openDiskObjects({ directory: inData('objects'), records, telemetry })
  const s3 = s3Service({ records, objects, sealer, clock, tokens, telemetry })
  await s3.recover()
  const exportSink = s3ExportSink(lateCall)
  const logs = logsService({
    records,
    journal: logJournal,
    call: lateCall,
    clock,
    tokens,
    telemetry,
    metrics,
    incoming,
    exportSink,
  })
  const cloudtrail = cloudtrailService({ journal: apiJournal, records, tokens, sealer, clock, deliveries })
  const cloudwatch = cloudwatchService({
    journal: metricJournal,
    records,
    tokens,
    clock,
    call: lateCall,
    absent: new Set(Object.keys(unbuiltServices)),
    telemetry,
  })
  const services: Services = {
    ...unbuiltServices,
    s3,
    logs,
    mq: mq.service,
    cloudtrail: cloudtrail.service,
    cloudwatch: cloudwatch.service,
    iam: iamService({ records, sealer, tokens }),
    sts: stsService({ sessions: sessionPort({ records, sealer }), clock, messages }),
    kms: kms.service,
  }
  const registry = openRegistry(services)
  const denials = openDenialLog(records, telemetry)
  await denials.restore()
  lifecycle.onStop('denials', () => denials.flush())
  lifecycle.onStop(
    'denials',
    every(DENIALS_FLUSH_MILLIS, 'denials', telemetry.log, () => denials.flush()),
  )
  const mode = config.iamMode
  const gatekeeping = { identity, mode, wording: { policyArns: config.policyArnInDenials, messages } }
  const audit = openAudit(apiJournal, cloudtrail.dataCalls)
  const hosts = ownHosts(config.host)
  const digestThreads = openDigestThreads({ telemetry })
  lifecycle.onStop('digest threads', () => digestThreads.close())
  const openDigests = digestThreads.open
  const gateway = openGateway({ ...gatekeeping, registry, audit, clock, telemetry, denials, hosts, openDigests })
  knot.call = gateway.call

  let keepBrokers = false
  await mq.reconciler.start()
  lifecycle.onStop('brokers', () => mq.reconciler.close({ keepBrokers }))
  await logs.exports?.resume()
  lifecycle.onStop('log exports', () => logs.exports?.close())
  lifecycle.onStop(
    'object lifecycle',
    every(LIFECYCLE_SWEEP_MILLIS, 'object lifecycle', telemetry.log, () => s3.sweep()),
  )
  lifecycle.onStop(
    'retention',
    every(RETENTION_SWEEP_MILLIS, 'retention', telemetry.log, () =>
      retentionSweep({ records, journal: logJournal, clock }),
    ),
  )
  lifecycle.onStop(
    'key sweep',
    every(KEY_SWEEP_MILLIS, 'key sweep', telemetry.log, () => kms.sweep(clock.now())),
  )
  lifecycle.onStop(
    'publishing metrics',
    every(METRICS_FLUSH_MILLIS, 'publishing metrics', telemetry.log, async () => {
      await Promise.all([metrics.flush(), incoming.flush()])
    }),
  )

  await cloudwatch.evaluator.start()
  lifecycle.onStop(
    'alarms',
    every(ALARM_ROUND_MILLIS, 'alarms', telemetry.log, () => cloudwatch.evaluator.run()),
  )
  lifecycle.onStop('alarms', () => cloudwatch.evaluator.close())
  lifecycle.onStop(
    'alarm sweep',
    every(ALARM_SWEEP_MILLIS, 'alarm sweep', telemetry.log, () => cloudwatch.sweep()),
  )

  await cloudtrail.logsDelivery.start()
  lifecycle.onStop('trail logs', () => cloudtrail.logsDelivery.close())
  const courier = cloudtrail.courier({ call: gateway.call, telemetry })
  lifecycle.onStop(
    'trail deliveries',
    every(TRAIL_ROUND_MILLIS, 'trail deliveries', telemetry.log, () => courier.run()),
  )
  lifecycle.onStop('trail deliveries', () => courier.close())

  let ready = false
  const admin = adminRoutes(
    [
      ...healthRoutes({
        ready: () => ready,
        version: VERSION,
        iamMode: mode,
        services: ['logs', 'mq', 'cloudtrail', 'cloudwatch', 'iam', 'sts', 'kms', 's3'],
        troubles: () => {
          const { columnStore, lastError } = logJournal.health()
          return {
            columnStore:
              columnStore === 'running' ? lastError : `the column store is restarting; ${lastError ?? 'it ended'}`,
            columnStoreFiles: columns.trouble,
          }
        },
        caPem: ca.certificatePem,
        metrics: () => telemetry.metrics(),
      }),
      diagnosisRoute({ ...gatekeeping, registry, clock, call: gateway.call, diagnose: mq.diagnose }),
      whyDeniedRoute({ ...gatekeeping, registry, clock, call: gateway.call, denials }),
      ...accountRoutes({ accounts, tokens: containerTokens(sealingKey), identity, clock, telemetry }),
      containerRoute({ accounts, tokens: containerTokens(sealingKey), host: config.host }),
      ...(config.testing ? testingRoutes({ advanceClock: (millis) => clock.advance(millis) }) : []),
    ],
    telemetry,
  )
  const certificate = httpsCertificate(ca, inData('ca/https.pem'), config.host)
  lifecycle.onStop('HTTPS certificate', () => certificate.close())
  const server = await listen({
    gateway,
    admin,
    host: config.host,
    port: config.port,
    budget: new BodyBudget(),
    certificate: () => certificate.get(),
    corsOrigins: config.corsOrigins,
    bucketPages: s3.cors,
    ...(mode === 'audit' ? { marks: { 'x-sluice-iam-mode': mode } } : {}),
    telemetry,
  })
  lifecycle.onStop('requests', () => server.close(REQUEST_GRACE_MILLIS))
  lifecycle.onStop('live tails', () => logs.liveTails.close())
  data.announce(server.url)
  ready = true
  telemetry.log.info({ event: 'ready', url: server.url, data: config.data })
  return {
    url: server.url,
    rootKey,
    close: async (options = {}) => {
      ready = false
      keepBrokers = options.keepBrokers ?? false
      await lifecycle.close()
    },
  }
}

const isLoopback = (host: string): boolean => host === 'localhost' || isLoopbackAddress(host)

/** The configured root key of KMS, or the one of a file (0600) that is made on first start. */
const kmsRootKey = (config: Config, file: string): Uint8Array =>
  config.kmsRootKey === '' ? readOrCreateKey(file) : Buffer.from(config.kmsRootKey, 'base64')
