import {
  type FaultTarget,
  type Identified,
  type OpenDigests,
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
import type { IamMode } from '#kernel/config.ts'
import { AccessDenied, type Fault } from '#kernel/errors.ts'
import { newUuid } from '#kernel/ids.ts'
import type { IdentityPort } from '#kernel/service.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import type { Judged } from '#gateway/authorize.ts'
import type { OpenContent } from '#gateway/content.ts'
import type { Wording } from '#gateway/denial.ts'
import type { DenialLog } from '#gateway/denials/denial-log.ts'
import { type CallGatekeeper, openGatekeeper } from '#gateway/gatekeeper.ts'
import { callContext } from '#gateway/in-process.ts'
import { asFault, invoke, notBuilt, unbuiltAccess } from '#gateway/invoke.ts'
import { record } from '#gateway/record.ts'
import { refuseRole } from '#gateway/refused-role.ts'
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
  /** Whether a denial by policy ends a call. */
  readonly mode: IamMode
  readonly wording: Wording
  /** Keeps why calls were denied. */
  readonly denials: DenialLog
  /** Where streamed bodies are digested; left out: on this thread. */
  readonly openDigests?: OpenDigests
}

/** The one way to every operation, from outside and from service to service. */
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
      const isOpen = registry.find(operation.service, operation.operation)?.access.unsignedAccount !== undefined
      const { content, signature, ...caller } = await verify(operation, request, identity, { clock, hosts, isOpen })
      const ctx: Judged = {
        ...caller,
        requestId,
        calledVia: [],
        source: signature === undefined ? request.source : { ...request.source, signature },
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
        asFault(error, { id: requestId, operation: operation.operation, protocol: operation.protocol }, telemetry),
        requestId,
      )
    }
  }

  const parsed = async (
    operation: Identified,
    head: RequestHead,
    content: OpenContent,
    ctx: Judged,
  ): Promise<Outcome> => {
    let input: object
    try {
      input = readInput(operation, head, await content(deps.openDigests))
    } catch (error) {
      const fault = asFault(
        error,
        { id: ctx.requestId, operation: operation.operation, protocol: operation.protocol },
        telemetry,
      )
      const built = registry.find(operation.service, operation.operation)
      await record(
        { operation, ctx, built, input: undefined, output: undefined, fault, wouldBeDenied: [] },
        registry.services,
        deps.audit,
        telemetry,
      )
      return { fault, error }
    }
    return run(operation, input, await inItsAccount(operation, input, ctx))
  }

  /** An unsigned call acts in the account that its input names. */
  const inItsAccount = async (operation: Identified, input: object, ctx: Judged): Promise<Judged> => {
    if (ctx.principal.kind !== 'anonymous') return ctx
    const account = await registry.find(operation.service, operation.operation)?.access.unsignedAccount?.(input)
    return account === undefined ? ctx : { ...ctx, account, principal: { kind: 'anonymous', account } }
  }

  /** Steps 4 to 6; throws only when the call could not be recorded. */
  const run = async (
    operation: FaultTarget & Pick<Identified, 'service' | 'operation'>,
    input: object,
    judged: Judged,
  ): Promise<Outcome> => {
    const built = registry.find(operation.service, operation.operation)
    const gate = openGatekeeper(judged, registry.services[operation.service], operation, deps)
    const ctx: CallContext = { ...judged, gate }
    const outcome = await guarded(operation, built, input, ctx, gate)
    const { wouldBeDenied } = gate
    if (wouldBeDenied.length > 0) deps.denials.note(ctx, operation, wouldBeDenied, 'let through')
    if ('error' in outcome && outcome.error instanceof AccessDenied)
      deps.denials.note(ctx, operation, [outcome.error], 'denied')
    const ended =
      'output' in outcome ? { output: outcome.output, fault: undefined } : { output: undefined, fault: outcome.fault }
    const call = { operation, ctx, built, input, ...ended, wouldBeDenied, caller: gate.caller() }
    await record(call, registry.services, deps.audit, telemetry)
    return outcome
  }

  const guarded = async (
    operation: FaultTarget & Pick<Identified, 'service' | 'operation'>,
    built: ReturnType<Registry['find']>,
    input: object,
    ctx: CallContext,
    gate: CallGatekeeper,
  ): Promise<Outcome> => {
    try {
      // 4. May this caller do it? Whoever may not learns no more, not even that it is not built.
      await gate.admit(input, built?.access ?? unbuiltAccess(operation))
      if (built === undefined) throw notBuilt(operation.service, operation.operation)
      // 5. Do it.
      return { output: await invoke(built, input, ctx) }
    } catch (error) {
      return {
        fault: asFault(
          error,
          { id: ctx.requestId, operation: operation.operation, protocol: operation.protocol },
          telemetry,
        ),
        error,
      }
    }
  }

  const call: Call = async (as, service, operation, input, options = {}) => {
    const { ctx, refused } = await callContext(as, options, { call, identity, clock })
    if (refused !== undefined) await refuseRole(refused, deps)
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
