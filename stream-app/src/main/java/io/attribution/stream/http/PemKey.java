package io.attribution.stream.http;

import io.attribution.stream.config.ConfigException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Private keys as openssl and cert-manager write them: PKCS#8, which Java reads, and the older
 * PKCS#1 (RSA) and SEC 1 (EC), which become PKCS#8 when they are wrapped.
 *
 * <p>Sources: RFC 7468 (PEM), RFC 5208 (PKCS#8), RFC 8017 (PKCS#1), RFC 5915 (SEC 1).
 */
final class PemKey {
  private static final byte[] VERSION_0 = {2, 1, 0};

  /** The identifier rsaEncryption, and no parameters. */
  private static final byte[] RSA = {6, 9, 42, -122, 72, -122, -9, 13, 1, 1, 1, 5, 0};

  /** The identifier ecPublicKey; the curve follows. */
  private static final byte[] EC = {6, 7, 42, -122, 72, -50, 61, 2, 1};

  private static final int SEQUENCE = 0x30;
  private static final int OCTETS = 4;
  private static final int CURVE = 0xA0;

  private PemKey() {}

  /**
   * @param text with one private key, and whatever else
   * @throws ConfigException that says nothing about the key
   */
  static PrivateKey read(String setting, Path file, String text) {
    if (text.contains("ENCRYPTED")) {
      throw new ConfigException(
          "%s: %s has a password; remove it: openssl pkey -in FILE -out NEW"
              .formatted(setting, file));
    }
    for (String label : List.of("PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY")) {
      Matcher block = block(label).matcher(text);
      if (block.find()) {
        return key(setting, file, label, block.group());
      }
    }
    throw new ConfigException(
        "%s: %s has no private key (BEGIN PRIVATE KEY)".formatted(setting, file));
  }

  /** The blocks with this label, as they stand in the text. */
  static String blocks(String text, String label) {
    return block(label)
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .collect(Collectors.joining("\n"));
  }

  private static Pattern block(String label) {
    return Pattern.compile(
        "-----BEGIN " + label + "-----[A-Za-z0-9+/=\\s]+-----END " + label + "-----");
  }

  private static PrivateKey key(String setting, Path file, String label, String block) {
    try {
      String base64 = block.replaceAll("-----[A-Z ]+-----", "");
      byte[] der = Base64.getMimeDecoder().decode(base64);
      PKCS8EncodedKeySpec spec =
          switch (label) {
            case "RSA PRIVATE KEY" -> wrapped(RSA, der);
            case "EC PRIVATE KEY" -> wrapped(concat(EC, curve(der)), der);
            default -> new PKCS8EncodedKeySpec(der);
          };
      return key(spec);
    } catch (GeneralSecurityException | RuntimeException e) {
      // Not its message: it may show bytes of the key.
      throw new ConfigException(
          "%s: %s is no RSA, EC or Ed25519 key that Java reads".formatted(setting, file));
    }
  }

  private static PrivateKey key(PKCS8EncodedKeySpec spec) throws GeneralSecurityException {
    GeneralSecurityException last = new GeneralSecurityException("no algorithm");
    for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (GeneralSecurityException e) {
        last = e;
      }
    }
    throw last;
  }

  private static PKCS8EncodedKeySpec wrapped(byte[] algorithm, byte[] key) {
    byte[] content = concat(VERSION_0, concat(value(SEQUENCE, algorithm), value(OCTETS, key)));
    return new PKCS8EncodedKeySpec(value(SEQUENCE, content));
  }

  /** The curve of ECPrivateKey: sequence of version, key, [0] curve, [1] public key. */
  private static byte[] curve(byte[] key) {
    ByteBuffer der = ByteBuffer.wrap(key);
    der.get();
    length(der);
    while (true) {
      int tag = der.get() & 0xFF;
      byte[] content = new byte[length(der)];
      der.get(content);
      if (tag == CURVE) {
        return content;
      }
    }
  }

  /** A length in DER: one byte, or the number of bytes and then these. */
  private static int length(ByteBuffer der) {
    int first = der.get() & 0xFF;
    int length = first < 0x80 ? first : 0;
    for (int i = 0x80; i < first; i++) {
      length = (length << 8) | (der.get() & 0xFF);
    }
    return Math.min(length, der.remaining());
  }

  private static byte[] value(int tag, byte[] content) {
    ByteArrayOutputStream der = new ByteArrayOutputStream();
    der.write(tag);
    // DER allows the shortest form of a length only.
    if (content.length >= 0x100) {
      der.write(0x82);
      der.write(content.length >> 8);
    } else if (content.length >= 0x80) {
      der.write(0x81);
    }
    der.write(content.length);
    der.writeBytes(content);
    return der.toByteArray();
  }

  private static byte[] concat(byte[] first, byte[] second) {
    return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
  }
}
