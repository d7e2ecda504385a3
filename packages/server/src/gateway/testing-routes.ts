import { type AdminRoute, json } from '#gateway/admin.ts'
import { isFromBrowser } from '#gateway/from-browser.ts'
import type { GatewayRequest } from '#gateway/request.ts'

/** What testing may do to a platform. */
export interface TestingPort {
  /** Moves the platform's clock forward and keeps the offset. */
  advanceClock(millis: number): Promise<number>
}

/** Longest step of the clock, in milliseconds: ten years. */
const MAX_STEP_MILLIS = 10 * 366 * 24 * 60 * 60 * 1_000

/** `POST /_sluice/clock {"advanceMillis": n}`; only with `SLUICE_TESTING=1` on loopback. */
export const testingRoutes = (port: TestingPort): readonly AdminRoute[] => [
  {
    method: 'POST',
    path: '/_sluice/clock',
    answer: async (request) => {
      const refusal = refuse(request)
      if (refusal !== undefined) return json(403, { message: refusal })
      const millis = readStep(request.body)
      if (millis === undefined)
        return json(400, { message: 'The body is {"advanceMillis": n}, with n a whole number from 0 to ten years.' })
      return json(200, { offsetMillis: await port.advanceClock(millis) })
    },
  },
]

/** No web page can send this header across origins without asking first, and browsers always say where they come from. */
function refuse({ head }: GatewayRequest): string | undefined {
  if (head.headers['x-sluice-testing'] !== '1') return 'Testing calls carry the header x-sluice-testing: 1.'
  if (isFromBrowser(head)) return 'Testing calls are not taken from a browser.'
  return undefined
}

function readStep(body: Uint8Array): number | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString('utf8'))
    const millis =
      typeof value === 'object' && value !== null && 'advanceMillis' in value ? value.advanceMillis : undefined
    return typeof millis === 'number' && Number.isInteger(millis) && millis >= 0 && millis <= MAX_STEP_MILLIS
      ? millis
      : undefined
  } catch {
    return undefined
  }
}
