package io.attribution.engine.bundle;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** SHA-256 over the names, lengths and bytes of a bundle's files: what outputs refer to. */
final class Fingerprint {
  private Fingerprint() {}

  /** The order is the caller's. */
  static String of(List<BundleFile> files) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      files.forEach(file -> add(file, digest));
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static void add(BundleFile file, MessageDigest digest) {
    String name = file.path().getFileName().toString();
    digest.update((name + " " + file.size() + "\n").getBytes(StandardCharsets.UTF_8));
    try (FileChannel channel = file.open()) {
      file.read(channel, 0, file.size(), digest::update);
    } catch (IOException e) {
      throw file.error("cannot be closed (" + e.getMessage() + ")");
    }
  }
}
