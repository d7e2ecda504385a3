import java.io.FileInputStream;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import javax.jms.Connection;
import javax.jms.MessageProducer;
import javax.jms.Queue;
import javax.jms.Session;
import javax.jms.TextMessage;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.apache.activemq.ActiveMQSslConnectionFactory;

/** Sends a text over OpenWire and receives it again: {@code <url> <file of the CA> <user> <password> <text>}. */
class OpenWireRoundTrip {
  public static void main(String[] args) throws Exception {
    var factory = new ActiveMQSslConnectionFactory(args[0]);
    factory.setKeyAndTrustManagers(null, trusting(args[1]), new SecureRandom());
    try (Connection connection = factory.createConnection(args[2], args[3])) {
      connection.start();
      Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
      Queue queue = session.createQueue("openwire.q");
      MessageProducer producer = session.createProducer(queue);
      producer.send(session.createTextMessage(args[4]));
      var message = (TextMessage) session.createConsumer(queue).receive(10_000);
      System.out.println(message == null ? "nothing arrived" : message.getText());
    }
  }

  /** Trusts the one authority of a PEM file and nobody else. */
  private static TrustManager[] trusting(String file) throws Exception {
    var store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (var pem = new FileInputStream(file)) {
      store.setCertificateEntry("ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
    }
    var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(store);
    return managers.getTrustManagers();
  }
}
