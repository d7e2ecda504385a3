// Declared neither by the language's types nor by Node's.
declare const WebAssembly: {
  readonly Module: new (code: Uint8Array) => object
  readonly Instance: new (module: object) => { readonly exports: unknown }
}

/** A memory of instructions, whose views stay valid: none of ours grows. */
export interface InstructionMemory {
  readonly buffer: ArrayBuffer
}

/**
 * Makes instructions callable, with a memory of their own.
 * @param code a module of WebAssembly in base64, as it stands beside its text
 * @returns what it exports; `Exports` must say so rightly
 */
export const instructions = <Exports extends { readonly memory: InstructionMemory }>(code: string): Exports =>
  new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(code, 'base64'))).exports as Exports
