/** A directory of a broker, with all that must be said of one. */
export const LDAP_METADATA = {
  hosts: ['ldap.example.com'],
  serviceAccountUsername: 'cn=broker',
  serviceAccountPassword: 'service-secret',
  userBase: 'ou=people',
  userSearchMatching: '(uid={0})',
  userSearchSubtree: false,
  roleBase: 'ou=groups',
  roleSearchMatching: '(member={0})',
  roleSearchSubtree: false,
} as const
