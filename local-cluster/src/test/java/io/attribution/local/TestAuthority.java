package io.attribution.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate authority for tests, made by the JDK's keytool in a folder. */
public final class TestAuthority {
  /** Of every store and key. */
  public static final String PASSWORD = "changeit";

  private static final String CA = "ca";
  private final Path directory;
  private final Path all;

  private TestAuthority(Path directory) {
    this.directory = directory;
    this.all = directory.resolve("all.p12");
  }

  /** Makes an authority whose files lie in this folder. */
  public static TestAuthority in(Path directory) {
    TestAuthority authority = new TestAuthority(directory);
    authority.keytool(CA, List.of("-dname", "CN=test CA", "-ext", "bc:c", "-validity", "30"));
    return authority;
  }

  /** Issues a certificate for hosts such as dns:localhost,ip:127.0.0.1. */
  public TestAuthority issue(String name, String hosts) {
    return issue(name, hosts, "-validity", "20");
  }

  /** Issues a certificate that expired yesterday. */
  public TestAuthority issueExpired(String name, String hosts) {
    return issue(name, hosts, "-startdate", "-10d", "-validity", "9");
  }

  private TestAuthority issue(String name, String hosts, String... more) {
    List<String> options =
        new ArrayList<>(List.of("-dname", "CN=" + name, "-signer", CA, "-ext", "san=" + hosts));
    options.addAll(List.of(more));
    keytool(name, options);
    return this;
  }

  /** A PKCS12 store with the key and the chain of an issued certificate. */
  public Path keystore(String name) {
    return store(
        name + ".p12", to -> to.setKeyEntry(name, key(name), PASSWORD.toCharArray(), chain(name)));
  }

  /** A PKCS12 store with the authority's certificate. */
  public Path truststore() {
    return store("trust.p12", to -> to.setCertificateEntry(CA, chain(CA)[0]));
  }

  /** The authority's certificate in PEM. */
  public String trustedPem() {
    return pem("CERTIFICATE", encoded(chain(CA)[0]));
  }

  /** Key and chain of an issued certificate in PEM. */
  public String keyPem(String name) {
    StringBuilder text = new StringBuilder(pem("PRIVATE KEY", key(name).getEncoded()));
    for (Certificate certificate : chain(name)) {
      text.append(pem("CERTIFICATE", encoded(certificate)));
    }
    return text.toString();
  }

  /** TLS with this certificate, trusting what the authority issued. */
  public SSLContext context(String name) {
    try {
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(load(keystore(name)), PASSWORD.toCharArray());
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(load(truststore()));
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private void keytool(String alias, List<String> options) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keystore",
                all.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keyalg",
                "EC",
                "-alias",
                alias));
    command.addAll(options);
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(said);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private interface Entry {
    void addTo(KeyStore store) throws GeneralSecurityException;
  }

  private Path store(String name, Entry entry) {
    Path file = directory.resolve(name);
    try (OutputStream out = Files.newOutputStream(file)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      entry.addTo(store);
      store.store(out, PASSWORD.toCharArray());
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyStore load(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, PASSWORD.toCharArray());
      return store;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private Key key(String alias) {
    try {
      return load(all).getKey(alias, PASSWORD.toCharArray());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private Certificate[] chain(String alias) {
    try {
      return load(all).getCertificateChain(alias);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] encoded(Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pem(String type, byte[] der) {
    String text =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(type, text, type);
  }
}
