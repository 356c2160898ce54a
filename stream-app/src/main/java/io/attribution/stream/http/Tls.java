package io.attribution.stream.http;

import io.attribution.stream.config.ConfigException;
import io.attribution.stream.config.HttpConfig;
import io.attribution.stream.logging.SparseLog;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.Map;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The certificate and the key of the server, from PEM files that may change while it runs. */
final class Tls {
  private static final Logger LOG = LoggerFactory.getLogger(Tls.class);
  private static final Map<String, String> SIGNATURES =
      Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");

  private final Path certificate;
  private final Path key;
  private final SslContextFactory.Server factory = new SslContextFactory.Server();
  private final SparseLog kept = SparseLog.onceAMinute(LOG::warn);
  private String loaded;

  /**
   * @throws ConfigException when the files are not a certificate and its key
   */
  Tls(Path certificate, Path key) {
    this.certificate = certificate;
    this.key = key;
    this.loaded = text();
    factory.setIncludeProtocols("TLSv1.3", "TLSv1.2");
    factory.setKeyStore(keyStore(loaded));
    factory.setKeyStorePassword("");
  }

  SslContextFactory.Server factory() {
    return factory;
  }

  /** Both files, certificates first. */
  private String text() {
    return SecretFiles.text(HttpConfig.CERTIFICATE, certificate)
        + '\n'
        + SecretFiles.text(HttpConfig.KEY, key);
  }

  /**
   * Takes a new certificate for new connections. Keeps the earlier one while the files are not
   * valid, as while only one of them is replaced.
   */
  void refresh() {
    try {
      String text = text();
      if (!text.equals(loaded)) {
        KeyStore store = keyStore(text);
        factory.reload(reloading -> factory.setKeyStore(store));
        loaded = text;
      }
    } catch (Exception e) {
      // Also what Jetty throws: the server goes on with what it has.
      kept.say(e.getMessage() + "; the earlier certificate stays in use");
    }
  }

  private KeyStore keyStore(String text) {
    PrivateKey privateKey = PemKey.read(HttpConfig.KEY, key, text);
    try {
      Certificate[] chain = chain(text);
      requirePair(privateKey, chain[0]);
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("server", privateKey, new char[0], chain);
      return store;
    } catch (GeneralSecurityException | IOException e) {
      throw new ConfigException(
          "%s: %s: %s".formatted(HttpConfig.CERTIFICATE, certificate, e.getMessage()));
    }
  }

  private Certificate[] chain(String text) throws GeneralSecurityException {
    String certificates = PemKey.blocks(text, "CERTIFICATE");
    Collection<? extends Certificate> chain =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(
                new ByteArrayInputStream(certificates.getBytes(StandardCharsets.US_ASCII)));
    if (chain.isEmpty()) {
      throw new ConfigException(
          "%s: %s has no certificate (BEGIN CERTIFICATE)"
              .formatted(HttpConfig.CERTIFICATE, certificate));
    }
    return chain.toArray(new Certificate[0]);
  }

  private void requirePair(PrivateKey privateKey, Certificate own) throws GeneralSecurityException {
    Signature signature = Signature.getInstance(SIGNATURES.get(privateKey.getAlgorithm()));
    byte[] probe = {1, 2, 3};
    signature.initSign(privateKey);
    signature.update(probe);
    byte[] signed = signature.sign();
    if (own.getPublicKey().getAlgorithm().equals(privateKey.getAlgorithm())) {
      signature.initVerify(own.getPublicKey());
      signature.update(probe);
      if (signature.verify(signed)) {
        return;
      }
    }
    throw new ConfigException(
        "%s: %s is not the key of the first certificate in %s"
            .formatted(HttpConfig.KEY, key, certificate));
  }
}
