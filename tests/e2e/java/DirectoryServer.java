import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import com.unboundid.ldif.LDIFReader;
import com.unboundid.util.ssl.KeyStoreKeyManager;
import com.unboundid.util.ssl.SSLUtil;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;

/**
 * An LDAP server over TLS: {@code <address> <port> <PKCS12 file> <its password> <LDIF file> <base DN>...}. Says "ready", then takes changes in
 * LDIF, each ended by an empty line and answered with "changed", and ends with its input.
 */
class DirectoryServer {
  public static void main(String[] args) throws Exception {
    var ssl = new SSLUtil(new KeyStoreKeyManager(args[2], args[3].toCharArray(), "PKCS12", null), null);
    var config = new InMemoryDirectoryServerConfig(java.util.Arrays.copyOfRange(args, 5, args.length));
    config.setListenerConfigs(
        InMemoryListenerConfig.createLDAPSConfig(
            "ldaps",
            InetAddress.getByName(args[0]),
            Integer.parseInt(args[1]),
            ssl.createSSLServerSocketFactory(),
            null));
    var server = new InMemoryDirectoryServer(config);
    server.importFromLDIF(true, args[4]);
    server.startListening();
    System.out.println("ready");
    var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    var change = new StringBuilder();
    for (String line; (line = input.readLine()) != null; ) {
      if (!line.isEmpty()) {
        change.append(line).append('\n');
        continue;
      }
      LDIFReader.decodeChangeRecord(change.toString().split("\n")).processChange(server);
      change.setLength(0);
      System.out.println("changed");
    }
    server.shutDown(true);
  }
}
