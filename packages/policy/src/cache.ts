import type { Policy, PolicyKind } from './policy.ts'
/** Like `parsePolicy`, from a bounded cache. @throws PolicySyntaxError */
export declare function cachedPolicy(text: string, kind: PolicyKind): Policy
