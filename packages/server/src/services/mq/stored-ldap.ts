import type { LdapDirectory } from '#engines/broker-engine.ts'
import type { OperationOutput } from '#kernel/call.ts'
import type { Sealer } from '#kernel/secrets.ts'
import { type StoredLdap, ldapPasswordContext } from '#services/mq/broker-record.ts'

/** A directory as the record of a broker keeps it. */
export function storedLdap(
  { serviceAccountPassword, ...directory }: LdapDirectory,
  brokerId: string,
  sealer: Sealer,
): StoredLdap {
  return { ...directory, sealedPassword: sealer.seal(serviceAccountPassword, ldapPasswordContext(brokerId)) }
}

/** The directory that a record keeps, with its secret. */
export function openedLdap(
  { sealedPassword, ...directory }: StoredLdap,
  brokerId: string,
  sealer: Sealer,
): LdapDirectory {
  return { ...directory, serviceAccountPassword: sealer.open(sealedPassword, ldapPasswordContext(brokerId)) }
}

/** A directory by its modelled names, without the password. */
export const ldapView = (
  ldap: StoredLdap,
): NonNullable<OperationOutput<'mq', 'DescribeBroker'>['LdapServerMetadata']> => ({
  Hosts: ldap.hosts,
  ServiceAccountUsername: ldap.serviceAccountUsername,
  UserBase: ldap.userBase,
  UserSearchMatching: ldap.userSearchMatching,
  UserSearchSubtree: ldap.userSearchSubtree,
  ...(ldap.userRoleName === undefined ? {} : { UserRoleName: ldap.userRoleName }),
  RoleBase: ldap.roleBase,
  RoleSearchMatching: ldap.roleSearchMatching,
  RoleSearchSubtree: ldap.roleSearchSubtree,
  ...(ldap.roleName === undefined ? {} : { RoleName: ldap.roleName }),
})
