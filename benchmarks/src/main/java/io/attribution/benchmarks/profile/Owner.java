package io.attribution.benchmarks.profile;

import java.util.List;
import java.util.Map;

/** To whom a stack belongs: the first frame from the top that is not the JDK's own says so. */
final class Owner {
  private static final String NONE = "JDK and libraries";

  /** By the beginning of a class's name; ours by package. */
  private static final Map<String, String> OWNERS =
      Map.of(
          "org.apache.kafka.streams", "Kafka Streams",
          "org.apache.kafka", "Kafka clients",
          "ai.djl", "DJL and libtorch's JNI",
          "org.apache.avro", "Avro",
          "io.confluent", "Schema Registry client",
          "net.jpountz", "lz4",
          "ch.qos.logback", "logging");

  private static final String OURS = "io.attribution.";

  private Owner() {}

  /**
   * @param frames class and method of each frame, top first
   */
  static String of(List<String> frames) {
    for (String frame : frames) {
      String owner = ofFrame(frame);
      if (!owner.equals(NONE)) {
        return owner;
      }
    }
    return NONE;
  }

  /** Whether a frame is not the JDK's or an unknown library's. */
  static boolean isSomebodys(String frame) {
    return !ofFrame(frame).equals(NONE);
  }

  private static String ofFrame(String frame) {
    if (frame.startsWith(OURS)) {
      String inner = frame.substring(OURS.length());
      return "ours: " + inner.substring(0, inner.indexOf('.'));
    }
    return OWNERS.entrySet().stream()
        .filter(entry -> frame.startsWith(entry.getKey() + "."))
        .max(java.util.Comparator.comparingInt(entry -> entry.getKey().length()))
        .map(Map.Entry::getValue)
        .orElse(NONE);
  }
}
