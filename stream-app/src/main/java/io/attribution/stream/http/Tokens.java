package io.attribution.stream.http;

import io.attribution.stream.config.ConfigException;
import io.attribution.stream.config.HttpConfig;
import io.attribution.stream.logging.SparseLog;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tokens of the files, one a line. Only their digests are kept, and compared in constant time.
 * Thread-safe.
 */
final class Tokens {
  private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);

  /** RFC 6750, section 2.1; long enough that nobody guesses it. */
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]{16,512}=*");

  private final Map<Access, Path> files = new EnumMap<>(Access.class);
  private final SparseLog kept = SparseLog.onceAMinute(LOG::warn);
  private volatile Map<Access, List<byte[]>> digests;

  /**
   * Reads the files.
   *
   * @throws ConfigException when one cannot be read, or has no token
   */
  Tokens(HttpConfig.Security security) {
    security.readTokens().ifPresent(file -> files.put(Access.READ, file));
    security.explainTokens().ifPresent(file -> files.put(Access.EXPLAIN, file));
    security.operateTokens().ifPresent(file -> files.put(Access.OPERATE, file));
    this.digests = read();
  }

  /** Whether requests need a token. */
  boolean areRequired() {
    return !files.isEmpty();
  }

  /** Whether there is a token for this. */
  boolean has(Access access) {
    return files.containsKey(access);
  }

  /** What a token allows; nothing when it is not known. */
  Set<Access> allowed(String token) {
    byte[] digest = digest(token);
    Set<Access> allowed = EnumSet.noneOf(Access.class);
    // All are compared: the time says nothing about which one is near.
    digests.forEach(
        (access, known) -> {
          for (byte[] one : known) {
            if (MessageDigest.isEqual(one, digest)) {
              allowed.add(access);
            }
          }
        });
    return allowed;
  }

  /** Reads the files again. Keeps the tokens while a file is not valid, as while it is written. */
  void refresh() {
    try {
      digests = read();
    } catch (ConfigException e) {
      kept.say(e.getMessage() + "; the earlier tokens stay valid");
    }
  }

  private Map<Access, List<byte[]>> read() {
    Map<Access, List<byte[]>> all = new EnumMap<>(Access.class);
    files.forEach((access, file) -> all.put(access, read(access.setting(), file)));
    return all;
  }

  private static List<byte[]> read(String setting, Path file) {
    List<byte[]> tokens = new ArrayList<>();
    int number = 0;
    for (String line : SecretFiles.text(setting, file).lines().toList()) {
      number++;
      if (!line.isBlank()) {
        tokens.add(digest(token(setting, file, number, line.strip())));
      }
    }
    if (tokens.isEmpty()) {
      throw new ConfigException("%s: %s has no token".formatted(setting, file));
    }
    return tokens;
  }

  /** Never says what the line is. */
  private static String token(String setting, Path file, int number, String line) {
    if (!TOKEN.matcher(line).matches()) {
      throw new ConfigException(
          "%s: line %d of %s is no token; a token is 16 to 512 letters, digits and -._~+/, as of openssl rand -hex 32"
              .formatted(setting, number, file));
    }
    return line;
  }

  private static byte[] digest(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
