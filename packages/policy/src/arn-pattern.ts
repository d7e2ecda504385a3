export interface ArnPattern { readonly text: string }
