import type { Decision } from './decision.ts'
export declare function explain(decision: Decision): readonly string[]
