import {
  type FaultTarget,
  type Identified,
  type Reply,
  type RequestHead,
  identify,
  readInput,
  serviceModel,
  writeFault,
  writeOutput,
} from '@sluice/wire'
import type { Audit } from '#audit/audit.ts'
import type { Call, CallContext } from '#kernel/call.ts'
import type { Clock } from '#kernel/clock.ts'
import type { Fault } from '#kernel/errors.ts'
import { newUuid } from '#kernel/ids.ts'
import type { IdentityPort } from '#kernel/service.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import { type Content, wholeContent } from '#gateway/content.ts'
import { authorize } from '#gateway/authorize.ts'
import { callContext } from '#gateway/in-process.ts'
import { asFault, invoke, notBuilt } from '#gateway/invoke.ts'
import { record } from '#gateway/record.ts'
import type { Registry } from '#gateway/registry.ts'
import type { GatewayRequest } from '#gateway/request.ts'
import { verify } from '#gateway/verify.ts'

export interface GatewayDeps {
  readonly registry: Registry
  readonly identity: IdentityPort
  readonly audit: Audit
  readonly clock: Clock
  readonly telemetry: Telemetry
  /** Names of the platform beside `localhost`, below which S3's buckets may stand. */
  readonly hosts?: readonly string[]
}

export interface Gateway {
  /** Answers one request; never throws. */
  handle(request: GatewayRequest): Promise<Reply>
  /** The same chain from step 4 on, for services that call services. */
  readonly call: Call
}

/** The outcome of steps 4 to 6. */
type Outcome = { readonly output: object } | { readonly fault: Fault; readonly error: unknown }

/** The way of a request: identify → verify → parse → authorize → invoke → record → answer. */
export function openGateway(deps: GatewayDeps): Gateway {
  const { registry, identity, telemetry, clock, hosts = [] } = deps

  const handle = async (request: GatewayRequest): Promise<Reply> => {
    const requestId = newUuid()
    const started = performance.now()
    // 1. Which operation is this? From the raw request only.
    const identification = identify(request.head, request.body, { hosts })
    if (identification.kind === 'unknown') return writeFault(identification.target, identification.fault, requestId)
    const { operation } = identification
    const reply = await answer(operation, request, requestId)
    const labels = { service: operation.service, operation: operation.operation, status: String(reply.status) }
    telemetry.meter.add('requests_total', 1, labels)
    telemetry.meter.observeSeconds('request_seconds', (performance.now() - started) / 1_000, {
      service: operation.service,
    })
    return reply
  }

  const answer = async (operation: Identified, request: GatewayRequest, requestId: string): Promise<Reply> => {
    try {
      // 2. Who signed it?
      const { content, ...caller } = await verify(operation, request, identity, clock, hosts)
      const ctx: CallContext = {
        ...caller,
        requestId,
        calledVia: [],
        source: request.source,
        now: clock.now(),
        call,
        signal: request.signal,
      }
      // 3. What does it say? Strictly by the model.
      const outcome = await parsed(operation, request.head, content, ctx)
      // 7. The answer, in the protocol of the question.
      return 'output' in outcome
        ? writeOutput(operation, outcome.output, requestId)
        : writeFault(operation, outcome.fault, requestId)
    } catch (error) {
      return writeFault(
        operation,
        asFault(error, { id: requestId, operation: operation.operation }, telemetry),
        requestId,
      )
    }
  }

  const parsed = async (
    operation: Identified,
    head: RequestHead,
    content: Content,
    ctx: CallContext,
  ): Promise<Outcome> => {
    let input: object
    try {
      const isStreamed = serviceModel(operation.service).isStreamed(operation.operation)
      input = readInput(operation, head, isStreamed ? content : await wholeContent(content))
    } catch (error) {
      const fault = asFault(error, { id: ctx.requestId, operation: operation.operation }, telemetry)
      const built = registry.find(operation.service, operation.operation)
      await record(
        { operation, ctx, built, input: undefined, output: undefined, fault },
        registry.services,
        deps.audit,
        telemetry,
      )
      return { fault, error }
    }
    return run(operation, input, inItsAccount(operation, input, ctx))
  }

  /** An unsigned call acts in the account that its input names. */
  const inItsAccount = (operation: Identified, input: object, ctx: CallContext): CallContext => {
    if (ctx.principal.kind !== 'anonymous') return ctx
    const account = registry.find(operation.service, operation.operation)?.access.unsignedAccount?.(input)
    return account === undefined ? ctx : { ...ctx, account, principal: { kind: 'anonymous', account } }
  }

  /** Steps 4 to 6; throws only when the call could not be recorded. */
  const run = async (
    operation: FaultTarget & Pick<Identified, 'service' | 'operation'>,
    input: object,
    ctx: CallContext,
  ): Promise<Outcome> => {
    const built = registry.find(operation.service, operation.operation)
    const outcome = await guarded(operation, built, input, ctx)
    const ended =
      'output' in outcome ? { output: outcome.output, fault: undefined } : { output: undefined, fault: outcome.fault }
    await record({ operation, ctx, built, input, ...ended }, registry.services, deps.audit, telemetry)
    return outcome
  }

  const guarded = async (
    operation: FaultTarget & Pick<Identified, 'service' | 'operation'>,
    built: ReturnType<Registry['find']>,
    input: object,
    ctx: CallContext,
  ): Promise<Outcome> => {
    try {
      if (built === undefined) throw notBuilt(operation.service, operation.operation)
      // 4. May this caller do it? 5. Do it.
      const { resourcePolicies } = registry.services[operation.service]
      await authorize(input, ctx, built.access, { identity, resourcePolicies }, operation)
      return { output: await invoke(built, input, ctx) }
    } catch (error) {
      return { fault: asFault(error, { id: ctx.requestId, operation: operation.operation }, telemetry), error }
    }
  }

  const call: Call = async (as, service, operation, input, options = {}) => {
    const ctx = await callContext(as, options, { call, identity, clock })
    const outcome = await run(
      { service, operation, protocol: serviceModel(service).protocols[0] },
      input as object,
      ctx,
    )
    if ('output' in outcome) return outcome.output as never
    throw outcome.error
  }

  return { handle, call }
}
