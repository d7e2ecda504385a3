export interface PrincipalElement { readonly negated: boolean }
