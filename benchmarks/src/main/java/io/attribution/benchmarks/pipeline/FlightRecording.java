package io.attribution.benchmarks.pipeline;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;

/**
 * A summary of a Java Flight Recorder file. The recorder samples Java frames evenly but threads in
 * native code only one at a time, so the time in native code is what a thread's CPU load has beyond
 * its Java samples.
 */
final class FlightRecording {
  private static final int LINES = 30;
  private static final int FRAMES = 3;

  /** The period of the threads' CPU load in {@link #jvmOption}. */
  private static final double LOAD_SECONDS = 1;

  /** The period of execution samples with settings=profile. */
  private static final double SAMPLE_SECONDS = 0.010;

  private static final double MIB = 1 << 20;
  private static final String JAVA =
      "Java seconds by thread; what CPU time has more is native code";
  private static final String CALLERS =
      "Java seconds in a method and all that it calls; they overlap";
  private static final String NONE = "JDK and libraries";

  /** By the beginning of a class's name, longer ones first. */
  private static final List<Map.Entry<String, String>> LIBRARIES =
      List.of(
          Map.entry("org.apache.kafka.streams.", "Kafka Streams"),
          Map.entry("org.apache.kafka.", "Kafka clients"),
          Map.entry("ai.djl.", "DJL and libtorch's JNI"),
          Map.entry("org.apache.avro.", "Avro"),
          Map.entry("io.confluent.", "Schema Registry client"),
          Map.entry("net.jpountz.", "lz4"),
          Map.entry("ch.qos.logback.", "logging"));

  /** Weights by name, by title of the list. */
  private final Map<String, Map<String, Double>> lists = new TreeMap<>();

  private FlightRecording() {}

  /** Options of a JVM that records all of its life into this file. */
  static String jvmOption(Path file) {
    return "-XX:StartFlightRecording=filename="
        + file
        + ",settings=profile,dumponexit=true,jdk.ThreadCPULoad#period=1s";
  }

  /** The summary of a file as lines of text. */
  static String summarize(Path file) throws IOException {
    FlightRecording recording = new FlightRecording();
    try (RecordingFile events = new RecordingFile(file)) {
      while (events.hasMoreEvents()) {
        recording.add(events.readEvent());
      }
    }
    StringBuilder out = new StringBuilder();
    recording.lists.forEach((title, weights) -> recording.append(out, title, weights));
    return out.toString();
  }

  private void add(RecordedEvent event) {
    switch (event.getEventType().getName()) {
      case "jdk.ExecutionSample" -> addSample(event);
      case "jdk.ThreadCPULoad" -> addLoad(event);
      case "jdk.ObjectAllocationSample" -> addAllocation(event);
      default -> {
        // Of no interest here.
      }
    }
  }

  private void add(String title, String name, double weight) {
    lists.computeIfAbsent(title, each -> new HashMap<>()).merge(name, weight, Double::sum);
  }

  private void addSample(RecordedEvent event) {
    RecordedStackTrace stack = event.getStackTrace();
    RecordedThread thread = event.getThread("sampledThread");
    if (stack != null && thread != null) {
      List<String> names = names(stack);
      add(JAVA, group(thread.getJavaName()), SAMPLE_SECONDS);
      add("Java seconds by owner", owner(names), SAMPLE_SECONDS);
      add("Java seconds by top frames", site(names), SAMPLE_SECONDS);
      Set.copyOf(names).stream()
          .filter(method -> !owner(method).equals(NONE))
          .forEach(method -> add(CALLERS, method, SAMPLE_SECONDS));
    }
  }

  /** A load is a share of all processors of this machine. */
  private void addLoad(RecordedEvent event) {
    RecordedThread thread = event.getThread();
    if (thread != null) {
      double load = event.getFloat("user") + event.getFloat("system");
      double cores = Runtime.getRuntime().availableProcessors();
      add("CPU seconds by thread", group(thread.getJavaName()), load * cores * LOAD_SECONDS);
    }
  }

  private void addAllocation(RecordedEvent event) {
    RecordedStackTrace stack = event.getStackTrace();
    if (stack != null) {
      List<String> names = names(stack);
      double mib = event.getLong("weight") / MIB;
      add("allocated MiB by owner", owner(names), mib);
      add(
          "allocated MiB by class and site",
          event.getClass("objectClass").getName() + " in " + site(names),
          mib);
    }
  }

  private static List<String> names(RecordedStackTrace stack) {
    List<String> names = new ArrayList<>();
    for (RecordedFrame frame : stack.getFrames()) {
      names.add(frame.getMethod().getType().getName() + "." + frame.getMethod().getName());
    }
    return names;
  }

  /** The top frame and its callers. */
  private static String site(List<String> names) {
    return String.join(" < ", names.subList(0, Math.min(FRAMES, names.size())));
  }

  /** Threads of one kind: without numbers and names of runs. */
  static String group(@Nullable String thread) {
    return thread == null
        ? "native threads"
        : thread.replaceAll(".*-StreamThread-\\d+", "StreamThread").replaceAll("\\d+", "#");
  }

  /**
   * The owner of a stack: of the first frame from the top that is not the JDK's.
   *
   * @param frames class and method of each frame, top first
   */
  static String owner(List<String> frames) {
    return frames.stream()
        .map(FlightRecording::owner)
        .filter(owner -> !owner.equals(NONE))
        .findFirst()
        .orElse(NONE);
  }

  private static String owner(String frame) {
    if (frame.startsWith("io.attribution.")) {
      // io.attribution.module.package.Class.method
      String[] words = frame.split("\\.", -1);
      return "ours: " + words[2] + (words.length > 5 ? "." + words[3] : "");
    }
    return LIBRARIES.stream()
        .filter(library -> frame.startsWith(library.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(NONE);
  }

  private void append(StringBuilder out, String title, Map<String, Double> weights) {
    // Callers overlap: their shares are of all Java time.
    Map<String, Double> all = title.equals(CALLERS) ? lists.getOrDefault(JAVA, weights) : weights;
    double total = all.values().stream().mapToDouble(Double::doubleValue).sum();
    out.append(String.format(Locale.ROOT, "%s (%.1f)%n", title, total));
    weights.entrySet().stream()
        .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
        .limit(LINES)
        .forEach(
            entry ->
                out.append(
                    String.format(
                        Locale.ROOT,
                        "  %5.1f %%  %9.1f  %s%n",
                        100 * entry.getValue() / total,
                        entry.getValue(),
                        entry.getKey())));
  }
}
