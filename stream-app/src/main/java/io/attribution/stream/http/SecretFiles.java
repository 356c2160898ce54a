package io.attribution.stream.http;

import io.attribution.stream.config.ConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Small files of secrets, as the settings name them. */
final class SecretFiles {
  private static final int MAX_BYTES = 1 << 20;

  private SecretFiles() {}

  /**
   * @param setting that names the file, for messages
   * @throws ConfigException when it cannot be read, without anything of what is in it
   */
  static String text(String setting, Path file) {
    if (!Files.isRegularFile(file)) {
      throw new ConfigException(
          "%s: %s is %s"
              .formatted(setting, file, Files.exists(file) ? "no regular file" : "not there"));
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new ConfigException("%s: %s is larger than 1 MiB".formatted(setting, file));
      }
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      throw new ConfigException("%s: %s is not there".formatted(setting, file));
    } catch (IOException e) {
      throw new ConfigException("%s: cannot read %s (%s)".formatted(setting, file, e));
    }
  }
}
