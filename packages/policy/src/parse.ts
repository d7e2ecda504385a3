import type { Policy, PolicyKind } from './policy.ts'
/** Parses and compiles a policy. @throws PolicySyntaxError and nothing else */
export declare function parsePolicy(text: string, kind: PolicyKind): Policy
