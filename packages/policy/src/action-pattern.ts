export interface ActionPattern { readonly text: string }
