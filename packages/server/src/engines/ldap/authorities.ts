import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { LdapDirectory, LdapFault } from '#engines/broker-engine.ts'
import { checkDirectory } from '#engines/ldap/check-directory.ts'
import { messageOf } from '#kernel/errors.ts'

/** LDAP servers as the platform asks them itself. */
export interface LdapServers {
  /** PEM: who may have signed their certificates; `undefined`: public authorities. */
  readonly authorities: () => Promise<string | undefined>
  /** Whether the servers of a directory can serve a broker; `undefined`: they can. */
  readonly check: (directory: LdapDirectory) => Promise<LdapFault | undefined>
}

/**
 * @param file PEM, read anew each time, so that a renewed authority counts with the next start; left out: public authorities
 * @returns servers whose methods throw an Error that names the file when it cannot be used
 */
export function ldapServers(file: string | undefined): LdapServers {
  const authorities = async (): Promise<string | undefined> => {
    if (file === undefined) return undefined
    try {
      const pem = await readFile(file, 'utf8')
      certificatesOf(pem)
      return pem
    } catch (error) {
      throw new Error(`the setting ldapCaFile names ${file}, which cannot be used: ${messageOf(error)}`, {
        cause: error,
      })
    }
  }
  return { authorities, check: async (directory) => checkDirectory(directory, { ca: await authorities() }) }
}

/** The certificates of a PEM file. @throws Error when it holds none */
export function certificatesOf(pem: string): readonly X509Certificate[] {
  const found = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  if (found.length === 0) throw new Error('it holds no certificate')
  return found.map((each) => new X509Certificate(each))
}
