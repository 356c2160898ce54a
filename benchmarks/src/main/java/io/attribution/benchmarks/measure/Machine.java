package io.attribution.benchmarks.measure;

import ai.djl.engine.Engine;
import io.attribution.engine.internal.torch.PyTorch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.kafka.common.utils.AppInfoParser;

/** What a reader must know of the machine and the libraries; no name and no address. */
public final class Machine {
  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");
  private static final Path SYSTEM = Path.of("/etc/os-release");
  private static final double GIB = 1L << 30;

  private Machine() {}

  /** By property, such as processor. */
  public static Map<String, String> describe() {
    Map<String, String> properties = new TreeMap<>();
    properties.put("processor", value(PROCESSORS, "model name", ":") + ", " + cores() + " cores");
    properties.put("memory", Figures.of(memoryBytes() / GIB) + " GiB");
    properties.put(
        "system", value(SYSTEM, "PRETTY_NAME", "=") + ", " + System.getProperty("os.arch"));
    properties.put("Java", System.getProperty("java.vm.name") + " " + Runtime.version());
    properties.put("libraries", libraries());
    return properties;
  }

  /** How many processors this process may use. */
  public static int cores() {
    return Runtime.getRuntime().availableProcessors();
  }

  private static String libraries() {
    return "libtorch %s, DJL %s, Kafka %s, Avro %s"
        .formatted(
            PyTorch.version(),
            Engine.getDjlVersion(),
            AppInfoParser.getVersion(),
            Schema.class.getPackage().getImplementationVersion());
  }

  private static long memoryBytes() {
    return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
        .getTotalMemorySize();
  }

  private static String value(Path file, String key, String separator) {
    if (!Files.isReadable(file)) {
      return "unknown";
    }
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith(key))
          .map(line -> line.substring(line.indexOf(separator) + 1).strip().replace("\"", ""))
          .findFirst()
          .orElse("unknown");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
