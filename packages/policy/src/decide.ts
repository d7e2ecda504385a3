import type { Decision } from './decision.ts'
import type { AuthorizationRequest, Policies } from './request.ts'
export interface DecideOptions { readonly detail?: 'denials' | 'full' }
export declare function decide(request: AuthorizationRequest, policies: Policies, options?: DecideOptions): Decision
