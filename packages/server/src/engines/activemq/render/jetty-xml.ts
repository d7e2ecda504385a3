import { LOGIN } from '#engines/activemq/render/login-config.ts'
import { CONSOLE_ROLE, LDAP_CONSOLE_GROUP, PLATFORM_ROLE } from '#engines/activemq/render/users.ts'
import { VARIABLES } from '#engines/activemq/run-secrets.ts'
import { xml } from '#engines/activemq/render/xml.ts'

export interface JettyXmlInput {
  /** Folder of the distribution. */
  readonly home: string
  readonly host: string
  readonly port: number
  readonly keyStore: string
  readonly realm: Realm
}

/** Who may use the console: users in a file, or whom the broker's own log-in takes. */
export type Realm =
  | { readonly kind: 'file'; readonly file: string }
  /** Roles are the groups of the log-in; `platformRole` is the one of the platform's own user. */
  | { readonly kind: 'jaas'; readonly platformRole: string }

/**
 * The web console behind TLS and a password. `/api/*` holds Jolokia, which runs anything as nobody in particular, so it is
 * for the platform alone; people act in the console, and the audit log has their names.
 */
export function jettyXml(input: JettyXmlInput): string {
  const { realm } = input
  const isFile = realm.kind === 'file'
  return `<?xml version="1.0" encoding="UTF-8"?>
<beans xmlns="http://www.springframework.org/schema/beans" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xsi:schemaLocation="http://www.springframework.org/schema/beans http://www.springframework.org/schema/beans/spring-beans.xsd">
${isFile ? fileLogin(realm) : JAAS_LOGIN}
${constraint('platformOnly', isFile ? PLATFORM_ROLE : realm.platformRole, '/api/*')}
${constraint('consoleUsers', isFile ? CONSOLE_ROLE : LDAP_CONSOLE_GROUP, '/')}
${HEADERS}
${contexts(input)}
${security(isFile ? '' : UTF_8)}
${server(input)}
</beans>
`
}

const fileLogin = ({ file }: Realm & { readonly kind: 'file' }): string =>
  xml`  <bean id="loginService" class="org.eclipse.jetty.security.HashLoginService">
    <property name="name" value="ActiveMQRealm"/>
    <property name="config" value="${file}"/>
    <property name="hotReload" value="true"/>
  </bean>`

const JAAS_LOGIN = `  <bean id="loginService" class="org.eclipse.jetty.jaas.JAASLoginService">
    <property name="name" value="ActiveMQRealm"/>
    <property name="loginModuleName" value="${LOGIN}"/>
    <property name="roleClassNames"><list><value>org.apache.activemq.jaas.GroupPrincipal</value></list></property>
  </bean>`

/** One constraint for each pattern; the longest pattern that fits a path decides. */
const constraint = (id: string, role: string, path: string): string =>
  xml`  <bean id="${id}" class="org.eclipse.jetty.security.ConstraintMapping">
    <property name="pathSpec" value="${path}"/>
    <property name="constraint"><bean class="org.eclipse.jetty.util.security.Constraint">
      <property name="name" value="BASIC"/>
      <property name="roles" value="${role}"/>
      <property name="authenticate" value="true"/>
    </bean></property>
  </bean>`

const header = (name: string, value: string): string =>
  xml`    <bean class="org.eclipse.jetty.rewrite.handler.HeaderPatternRule">
      <property name="pattern" value="*"/><property name="name" value="${name}"/><property name="value" value="${value}"/>
    </bean>`

const HEADERS = `  <bean id="headers" class="org.eclipse.jetty.rewrite.handler.RewriteHandler"><property name="rules"><list>
${header('X-FRAME-OPTIONS', 'SAMEORIGIN')}
${header('X-XSS-Protection', '1; mode=block')}
${header('X-Content-Type-Options', 'nosniff')}
  </list></property></bean>`

const contexts = ({ home }: JettyXmlInput): string =>
  xml`  <bean id="webApplications" class="org.eclipse.jetty.server.handler.HandlerCollection"><property name="handlers"><list>
    <ref bean="headers"/>
    <bean class="org.eclipse.jetty.webapp.WebAppContext">
      <property name="contextPath" value="/admin"/><property name="resourceBase" value="${home}/webapps/admin"/>
    </bean>
    <bean class="org.eclipse.jetty.webapp.WebAppContext">
      <property name="contextPath" value="/api"/><property name="resourceBase" value="${home}/webapps/api"/>
    </bean>
    <bean class="org.eclipse.jetty.server.handler.ResourceHandler">
      <property name="directoriesListed" value="false"/>
      <property name="welcomeFiles"><list><value>index.html</value></list></property>
      <property name="resourceBase" value="${home}/webapps/"/>
    </bean>
    <bean class="org.eclipse.jetty.server.handler.DefaultHandler"><property name="serveIcon" value="false"/></bean>
  </list></property></bean>`

/** As browsers and curl send names and passwords; a realm file is written as Jetty reads it without. */
const UTF_8 = '<property name="charset" value="UTF-8"/>'

const security = (
  properties: string,
): string => `  <bean id="security" class="org.eclipse.jetty.security.ConstraintSecurityHandler">
    <property name="loginService" ref="loginService"/>
    <property name="authenticator"><bean class="org.eclipse.jetty.security.authentication.BasicAuthenticator">${properties}</bean></property>
    <property name="constraintMappings"><list><ref bean="platformOnly"/><ref bean="consoleUsers"/></list></property>
    <property name="handler" ref="webApplications"/>
  </bean>`

const server = ({ host, port, keyStore }: JettyXmlInput): string =>
  xml`  <bean id="httpConfig" class="org.eclipse.jetty.server.HttpConfiguration">
    <property name="sendServerVersion" value="false"/>
    <property name="customizers"><list><bean class="org.eclipse.jetty.server.SecureRequestCustomizer"><constructor-arg value="false"/></bean></list></property>
  </bean>
  <bean id="Server" class="org.eclipse.jetty.server.Server" destroy-method="stop"><property name="handler" ref="security"/></bean>
  <bean id="invokeConnectors" class="org.springframework.beans.factory.config.MethodInvokingFactoryBean">
    <property name="targetObject" ref="Server"/><property name="targetMethod" value="setConnectors"/>
    <property name="arguments"><list><bean class="org.eclipse.jetty.server.ServerConnector">
      <constructor-arg ref="Server"/>
      <constructor-arg><bean class="org.eclipse.jetty.util.ssl.SslContextFactory$Server">
        <property name="keyStorePath" value="${keyStore}"/><property name="keyStoreType" value="PKCS12"/>
        <property name="keyStorePassword" value="\${${VARIABLES.keyStorePassword}}"/>
        <property name="includeProtocols"><list><value>TLSv1.2</value><value>TLSv1.3</value></list></property>
      </bean></constructor-arg>
      <constructor-arg><list><bean class="org.eclipse.jetty.server.HttpConnectionFactory"><constructor-arg ref="httpConfig"/></bean></list></constructor-arg>
      <property name="host" value="${host}"/><property name="port" value="${port}"/>
    </bean></list></property>
  </bean>
  <bean id="configureJetty" class="org.springframework.beans.factory.config.MethodInvokingFactoryBean">
    <property name="staticMethod" value="org.apache.activemq.web.config.JspConfigurer.configureJetty"/>
    <property name="arguments"><list><ref bean="Server"/><ref bean="webApplications"/></list></property>
  </bean>
  <bean id="invokeStart" class="org.springframework.beans.factory.config.MethodInvokingFactoryBean" depends-on="configureJetty, invokeConnectors">
    <property name="targetObject" ref="Server"/><property name="targetMethod" value="start"/>
  </bean>`
