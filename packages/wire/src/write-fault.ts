import type { Fault } from './fault.ts'
import { PROTOCOLS } from './protocols/index.ts'
import type { FaultTarget, Reply } from './request.ts'

/** Writes an error in the protocol of its request. Members that the error's shape does not model are left out, but for S3. */
export const writeFault = (target: FaultTarget, fault: Fault, requestId: string): Reply =>
  PROTOCOLS[target.protocol].writeFault(target, fault, requestId)
