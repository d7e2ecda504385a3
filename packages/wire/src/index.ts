import type { Fault } from './fault.ts'
import type { FaultTarget, Identified, Reply, RequestHead, ServiceId } from './request.ts'
export type { Apis } from './types/catalog.ts'
export type { FaultTarget, Identified, Protocol, Reply, RequestHead, ServiceId } from './request.ts'
export type { Fault } from './fault.ts'
export { WireError } from './fault.ts'

export type Identification =
  | { readonly kind: 'operation'; readonly operation: Identified }
  | { readonly kind: 'unknown'; readonly target: FaultTarget; readonly fault: Fault }
export interface SignatureClaim {
  readonly form: 'header' | 'query'
  readonly accessKeyId: string
  readonly date: string
  readonly region: string
  readonly signingName: string
  readonly timestamp: number
  readonly expiresSeconds?: number
  readonly signedHeaders: readonly string[]
  readonly signature: string
  readonly sessionToken?: string
}
export interface SigningRequest {
  readonly method: string
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
  readonly service: string
  readonly region: string
  readonly accessKeyId: string
  readonly secret: string
  readonly sessionToken?: string
  readonly now?: Date
}
export interface ServiceModel {
  readonly signingName: string
  readonly apiVersion: string
  readonly operations: readonly string[]
  isOptionalAuth(operation: string): boolean
}
const later = (): never => {
  throw new Error('this part of wire is being written')
}
export const identify = (_head: RequestHead, _body: Uint8Array): Identification => later()
export const readInput = (_operation: Identified, _head: RequestHead, _body: Uint8Array): Record<string, unknown> => later()
export const writeOutput = (_operation: Identified, _output: object, _requestId: string): Reply => later()
export const writeFault = (_target: FaultTarget, _fault: Fault, _requestId: string): Reply => later()
export const readSignature = (_head: RequestHead, _target: FaultTarget): SignatureClaim => later()
export const verifySignature = (_claim: SignatureClaim, _head: RequestHead, _body: Uint8Array, _secret: string, _nowMillis: number, _target: FaultTarget): void => later()
export const unknownKeyFault = (_target: FaultTarget): Fault => later()
export const accessDeniedFault = (_target: FaultTarget, _message: string): Fault => later()
export const signRequest = (_request: SigningRequest): Record<string, string> => later()
export const serviceModel = (_service: ServiceId): ServiceModel => later()
export const toWireNames = (_service: ServiceId, _operation: string, _side: 'input' | 'output', _value: object): Record<string, unknown> => later()
