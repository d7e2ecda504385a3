export interface Condition { readonly operator: string; readonly key: string; readonly values: readonly string[] }
