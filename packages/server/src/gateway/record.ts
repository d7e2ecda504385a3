import { type Identified, serviceModel, toWireNames, writeFault, writeOutput } from '@sluice/wire'
import type { Audit, DataCall } from '#audit/audit.ts'
import { type AccessDenied, AwsError, type Fault, messageOf } from '#kernel/errors.ts'
import type { Region } from '#kernel/ids.ts'
import type { Service } from '#kernel/service.ts'
import type { FederatedCaller } from '#kernel/principal.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import type { Judged } from '#gateway/authorize.ts'
import type { BuiltOperation, Services } from '#gateway/registry.ts'

/** A call at its end, whatever that was. */
export interface EndedCall {
  readonly operation: Pick<Identified, 'service' | 'operation'>
  readonly ctx: Judged
  /** `undefined`: not built. */
  readonly built: BuiltOperation | undefined
  /** `undefined`: the input could not be read. */
  readonly input: object | undefined
  readonly output: object | undefined
  readonly fault: Fault | undefined
  /** What would have been denied, where the platform only audits. */
  readonly wouldBeDenied: readonly AccessDenied[]
  /** Who asks, when nobody signed. */
  readonly caller?: FederatedCaller | undefined
}

type EndedParameters = Readonly<Record<string, unknown>> | undefined

const GLOBAL_EVENTS_REGION = 'us-east-1' as Region

/**
 * Records a management call, or a data call that a trail selects.
 * @throws AwsError when a change was made but could not be recorded: the caller must not take it for a silent success
 */
export async function record(call: EndedCall, services: Services, audit: Audit, telemetry: Telemetry): Promise<void> {
  const { service, operation } = call.operation
  const facts = services[service]
  const isData = call.built?.access.category === 'data'
  if (isData && !mayBeSelected(facts.eventSource, call.ctx)) return
  const readOnly = call.built?.access.readOnly ?? /^(?:Get|List|Describe|Lookup)/.test(operation)
  const responseRecorded = call.built?.access.responseRecorded ?? false
  try {
    if (isData && !(await audit.wantsData(dataCall(call, facts.eventSource)))) return
    await audit.record({
      ctx: call.ctx,
      eventSource: facts.eventSource,
      apiVersion: serviceModel(service).apiVersion,
      eventRegion: facts.global ? GLOBAL_EVENTS_REGION : call.ctx.region,
      operation,
      readOnly,
      // What an operation that is not built would have to mask is not known, so its parameters are left out.
      requestParameters: requestParameters(call),
      responseElements:
        call.output === undefined || (readOnly && !responseRecorded)
          ? undefined
          : toWireNames(service, operation, 'output', call.output),
      responseRecorded,
      fault: call.fault,
      resources: auditResources(call),
      secrets: call.built?.secrets ?? [],
      ...(isData ? { category: 'Data' as const } : {}),
      ...(call.caller === undefined ? {} : { caller: call.caller }),
      ...additionalData(call, facts),
      wouldBeDenied: call.wouldBeDenied.map(({ message }) => message),
    })
  } catch (error) {
    telemetry.log.error({
      event: 'audit_record_failed',
      requestId: call.ctx.requestId,
      operation,
      message: messageOf(error),
    })
    telemetry.meter.add('audit_records_failed_total', 1)
    const ending = call.fault === undefined ? 'was carried out' : `ended with ${call.fault.code}`
    throw new AwsError(
      'ServiceUnavailable',
      503,
      `The call ${ending}, but its audit record could not be written; see the platform log.`,
      {},
      error,
    )
  }
}

function requestParameters({ operation: { service, operation }, built, input, ctx }: EndedCall): EndedParameters {
  if (built === undefined || input === undefined) return undefined
  const named = toWireNames(service, operation, 'input', input)
  // S3 tells which host was asked: a bucket may stand in its name.
  return service === 's3' && ctx.source.host !== undefined ? { ...named, Host: ctx.source.host } : named
}

/** What the service has to say beside request and response. */
function additionalData(
  { operation, input, output, fault, ctx }: EndedCall,
  { additionalData: tell }: Pick<Service<'s3'>, 'additionalData'>,
): { readonly additionalData?: Readonly<Record<string, unknown>> } {
  if (tell === undefined) return {}
  const target = { ...operation, protocol: serviceModel(operation.service).protocols[0] }
  const reply =
    fault === undefined ? writeOutput(target, output ?? {}, ctx.requestId) : writeFault(target, fault, ctx.requestId)
  return { additionalData: tell({ operation: operation.operation, input, output, source: ctx.source, reply }) }
}

/** Services that have data events. @source CloudTrail user guide, "Logging data events" */
const DATA_SOURCES: ReadonlySet<string> = new Set(['s3.amazonaws.com'])

/** What our services deliver is never recorded as data, or a trail would feed itself. */
const mayBeSelected = (eventSource: string, { principal }: Judged): boolean =>
  DATA_SOURCES.has(eventSource) && principal.kind !== 'service'

const dataCall = (call: EndedCall, eventSource: string): DataCall => ({
  account: call.ctx.account,
  region: call.ctx.region,
  eventSource,
  eventName: call.operation.operation,
  readOnly: call.built?.access.readOnly ?? false,
  userArn: 'arn' in call.ctx.principal ? call.ctx.principal.arn : '',
  resources: () => auditResources(call),
})

function auditResources({
  built,
  input,
  output,
  ctx,
}: EndedCall): ReturnType<NonNullable<BuiltOperation['access']['resources']>> {
  if (built?.access.resources === undefined || input === undefined) return []
  return built.access.resources(input, output as Readonly<Record<string, unknown>> | undefined, ctx)
}
