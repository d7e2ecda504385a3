import fc from 'fast-check'
import { loadModel, SERVICE_IDS } from '../../model/load.ts'
import { operationOf } from '../../model/model.ts'
import type { Protocol, RequestHead, ServiceId } from '../../request.ts'
import { CATALOG } from '../../types/catalog.ts'
import { mapTimestamps, valueArbitrary } from '../arbitrary.ts'
import { fuzzClient } from '../clients.ts'
import { exceptionsOf } from '../exceptions.ts'

/** A request as it comes off the network, and what it was made for. */
export interface HostileRequest {
  readonly service: ServiceId
  readonly protocol: Protocol
  readonly operation: string
  readonly head: RequestHead
  readonly body: Uint8Array
}

/** Valid requests of every operation in every protocol of its service, as the official clients send them: `each` of each. */
export async function capturedRequests(seed: number, each: number): Promise<readonly HostileRequest[]> {
  const captured: HostileRequest[] = []
  for (const service of SERVICE_IDS)
    for (const protocol of CATALOG[service].protocols) captured.push(...(await capture(service, protocol, seed, each)))
  return captured
}

async function capture(
  service: ServiceId,
  protocol: Protocol,
  seed: number,
  each: number,
): Promise<readonly HostileRequest[]> {
  const model = loadModel(service)
  const { input: rules, onlyInModel } = exceptionsOf(service, protocol)
  const inputs = valueArbitrary(model, rules)
  const client = fuzzClient(service, protocol)
  const captured: HostileRequest[] = []
  for (const operation of Object.keys(model.operations)) {
    if (onlyInModel.includes(operation)) continue
    const { input } = operationOf(model, operation)
    const values = input === undefined ? [{}] : fc.sample(inputs(input), { seed, numRuns: each })
    for (const value of values) {
      const sent = input === undefined ? {} : mapTimestamps(model, input, value, (millis) => new Date(millis as number))
      const handle = (head: RequestHead, body: Uint8Array): Promise<never> => {
        captured.push({ service, protocol, operation, head, body: new Uint8Array(body) })
        return Promise.reject(new Seen())
      }
      await client.send(operation, sent as object, handle).catch((error: unknown) => {
        if (!(error instanceof Seen)) throw error
      })
    }
  }
  client.destroy()
  return captured
}

/** What the network says once it has the request: nobody needs the answer. A new one each time, since clients write into it. */
class Seen extends Error {}
