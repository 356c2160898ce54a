package io.attribution.stream.broker;

import io.attribution.local.BrokerOptions;
import io.attribution.local.EmbeddedKafka;
import io.attribution.local.TestAuthority;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AclBinding;

/** A broker with SASL_SSL that refuses what is not allowed by an ACL. The administrator may all. */
public final class SecureKafka implements AutoCloseable {
  public static final String ADMIN = "admin";
  private static final String PASSWORD = "secret";
  private static final String SECURITY = "org.apache.kafka.common.security.";

  private final TestAuthority authority;
  public final EmbeddedKafka kafka;

  /**
   * @param certificate of the authority; the broker's
   */
  public SecureKafka(TestAuthority authority, String certificate) {
    this.authority = authority;
    BrokerOptions options = BrokerOptions.DEFAULTS;
    for (Map.Entry<String, String> entry : properties(certificate).entrySet()) {
      options = options.withProperty(entry.getKey(), entry.getValue());
    }
    this.kafka = EmbeddedKafka.start(options);
  }

  private Map<String, String> properties(String certificate) {
    Map<String, String> properties = new HashMap<>();
    properties.put("listener.security.protocol.map", "CLIENT:SASL_SSL,CONTROLLER:PLAINTEXT");
    properties.put("ssl.keystore.type", "PKCS12");
    properties.put("ssl.keystore.location", authority.keystore(certificate).toString());
    properties.put("ssl.keystore.password", TestAuthority.PASSWORD);
    properties.put("ssl.key.password", TestAuthority.PASSWORD);
    properties.putAll(trust());
    // The broker calls itself by the address that its certificate may lack.
    properties.put("ssl.endpoint.identification.algorithm", "");
    properties.put("sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-512,OAUTHBEARER");
    properties.put("sasl.mechanism.inter.broker.protocol", "PLAIN");
    String listener = "listener.name.client.";
    properties.put(
        listener + "plain.sasl.jaas.config",
        SECURITY
            + "plain.PlainLoginModule required username=\"admin\" password=\"secret\""
            + " user_admin=\"secret\" user_nobody=\"secret\";");
    properties.put(
        listener + "scram-sha-512.sasl.jaas.config", SECURITY + "scram.ScramLoginModule required;");
    properties.put(
        listener + "oauthbearer.sasl.jaas.config",
        SECURITY
            + "oauthbearer.OAuthBearerLoginModule required"
            + " unsecuredLoginStringClaim_sub=\"admin\";");
    properties.put(
        "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
    properties.put("super.users", "User:admin;User:ANONYMOUS");
    return properties;
  }

  /** Settings of a trust store with the authority. */
  public Map<String, String> trust() {
    return Map.of(
        "ssl.truststore.type",
        "PKCS12",
        "ssl.truststore.location",
        authority.truststore().toString(),
        "ssl.truststore.password",
        TestAuthority.PASSWORD);
  }

  /** Settings of a client that logs in. */
  public Map<String, String> login(String user, String mechanism) {
    Map<String, String> settings = new HashMap<>(trust());
    settings.put("bootstrap.servers", kafka.bootstrapServers());
    settings.put("security.protocol", "SASL_SSL");
    settings.put("sasl.mechanism", mechanism);
    settings.put("sasl.jaas.config", jaas(user, mechanism));
    return settings;
  }

  private static String jaas(String user, String mechanism) {
    String password = " required username=\"" + user + "\" password=\"" + PASSWORD + "\";";
    return SECURITY
        + switch (mechanism) {
          case "PLAIN" -> "plain.PlainLoginModule" + password;
          case "OAUTHBEARER" ->
              "oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub=\""
                  + user
                  + "\";";
          default -> "scram.ScramLoginModule" + password;
        };
  }

  /** A client that may do everything. */
  public Admin admin() {
    return Admin.create(new HashMap<>(login(ADMIN, "PLAIN")));
  }

  /** Gives a user a password for SCRAM, and waits until the broker knows it. */
  public void addScramUser(String user) throws Exception {
    try (Admin admin = admin()) {
      admin
          .alterUserScramCredentials(
              List.of(
                  new UserScramCredentialUpsertion(
                      user, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), PASSWORD)))
          .all()
          .get();
    }
  }

  public void allow(Collection<AclBinding> acls) throws Exception {
    try (Admin admin = admin()) {
      admin.createAcls(acls).all().get();
    }
  }

  public void forget(Collection<AclBinding> acls) throws Exception {
    try (Admin admin = admin()) {
      admin.deleteAcls(acls.stream().map(AclBinding::toFilter).toList()).all().get();
    }
  }

  public void create(List<String> topics) throws Exception {
    try (Admin admin = admin()) {
      admin
          .createTopics(topics.stream().map(it -> new NewTopic(it, 1, (short) 1)).toList())
          .all()
          .get();
    }
  }

  @Override
  public void close() {
    kafka.close();
  }
}
