package io.attribution.stream.monitoring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** The process's resident memory: libtorch's memory is outside the Java heap. */
public final class ResidentMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String LABEL = "VmRSS:";

  private ResidentMemory() {}

  /** Bytes; empty on systems without /proc. */
  public static OptionalLong bytes() {
    try {
      return Files.readAllLines(STATUS).stream()
          .filter(line -> line.startsWith(LABEL))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
          .findFirst();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }
}
