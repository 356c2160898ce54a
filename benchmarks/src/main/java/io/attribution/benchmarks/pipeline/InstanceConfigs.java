package io.attribution.benchmarks.pipeline;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;

/** One configuration file for each instance, with a state directory of its own. */
final class InstanceConfigs {
  private InstanceConfigs() {}

  static List<Path> write(Assignment assignment) throws IOException {
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < assignment.shape().instances(); i++) {
      String name = assignment.id() + "-" + i;
      Properties properties = new Properties();
      properties.putAll(assignment.settings());
      properties.put(
          StreamsConfig.STATE_DIR_CONFIG,
          assignment.directory().resolve(name + "-state").toString());
      Path file = assignment.directory().resolve(name + ".properties");
      try (Writer out = Files.newBufferedWriter(file)) {
        properties.store(out, null);
      }
      files.add(file);
    }
    return files;
  }
}
