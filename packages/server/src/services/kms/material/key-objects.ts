import { type KeyObject, createPrivateKey, createPublicKey } from 'node:crypto'

/** The private key in material of RSA and curves. @throws Error when it is no PKCS #8 */
export const privateKeyOf = (material: Buffer): KeyObject =>
  createPrivateKey({ key: material, format: 'der', type: 'pkcs8' })

/** The public half, as DER of SubjectPublicKeyInfo. */
export const publicKeyDer = (privateKey: KeyObject): Buffer =>
  createPublicKey(privateKey).export({ format: 'der', type: 'spki' })
