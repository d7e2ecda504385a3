import { randomBytes } from 'node:crypto'

/** The platform's own user of one run of a broker: in the broker for the console's connections, in Jetty for readiness and Jolokia. */
export interface PlatformUser {
  readonly username: string
  readonly password: string
}

/** Made anew for each run of a broker. They are in the environment of its process and nowhere on disk. */
export interface RunSecrets {
  readonly keyStorePassword: string
  /** Opens the encrypted passwords in `users.properties`. */
  readonly encryptionPassword: string
  readonly platformUser: PlatformUser
}

/** The variables that rendered files refer to; the encryption password's name is ActiveMQ's own. */
export const VARIABLES = {
  keyStorePassword: 'SLUICE_KEY_STORE_PASSWORD',
  encryptionPassword: 'ACTIVEMQ_ENCRYPTION_PASSWORD',
  platformUsername: 'SLUICE_PLATFORM_USERNAME',
  platformPassword: 'SLUICE_PLATFORM_PASSWORD',
} as const satisfies Readonly<Record<string, string>>

const SECRET_BYTES = 24

export const newRunSecrets = (): RunSecrets => ({
  keyStorePassword: secret(),
  encryptionPassword: secret(),
  // AWS's rules let no user have such a name by accident: it is as hard to guess as the password.
  platformUser: { username: `sluice-platform-${randomBytes(8).toString('hex')}`, password: secret() },
})

export const secretsEnvironment = ({
  keyStorePassword,
  encryptionPassword,
  platformUser,
}: RunSecrets): Readonly<Record<string, string>> => ({
  [VARIABLES.keyStorePassword]: keyStorePassword,
  [VARIABLES.encryptionPassword]: encryptionPassword,
  [VARIABLES.platformUsername]: platformUser.username,
  [VARIABLES.platformPassword]: platformUser.password,
})

/** The platform's own user as the environment of a broker has it. */
export function platformUserOf(environment: Readonly<Record<string, string>> | undefined): PlatformUser | undefined {
  const username = environment?.[VARIABLES.platformUsername]
  const password = environment?.[VARIABLES.platformPassword]
  return username === undefined || password === undefined ? undefined : { username, password }
}

const secret = (): string => randomBytes(SECRET_BYTES).toString('base64url')
