import type { Decision } from './decision.ts'
export interface DenialMessageOptions { readonly quoteResource?: boolean; readonly policyArn?: boolean }
export declare function denialMessage(request: { readonly principalArn: string; readonly action: string; readonly resource: string }, decision: Decision, options?: DenialMessageOptions): string
