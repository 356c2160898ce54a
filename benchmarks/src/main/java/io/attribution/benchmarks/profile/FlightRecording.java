package io.attribution.benchmarks.profile;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;

/**
 * A summary of a recording. The recorder samples Java frames evenly but threads in native code only
 * one at a time, so the time in native code is what a thread's CPU load has beyond its Java
 * samples.
 */
public final class FlightRecording {
  private static final int LINES = 30;
  private static final int FRAMES = 3;

  /** How often {@link #jvmOption} wants the threads' CPU load. */
  private static final double LOAD_SECONDS = 1;

  /** settings=profile takes an execution sample of each running Java thread so often. */
  private static final double SAMPLE_SECONDS = 0.010;

  private static final double MIB = 1 << 20;

  private final Shares javaSecondsByThread = new Shares();
  private final Shares cpuSecondsByThread = new Shares();
  private final Shares owners = new Shares();
  private final Shares frames = new Shares();
  private final Shares callers = new Shares();
  private final Shares allocators = new Shares();
  private final Shares allocationSites = new Shares();

  private FlightRecording() {}

  /** Options of a JVM that records all of its life into this file. */
  public static String jvmOption(Path file) {
    return "-XX:StartFlightRecording=filename="
        + file
        + ",settings=profile,dumponexit=true"
        + ",jdk.ThreadCPULoad#period=1s";
  }

  /** The summary of a file as lines of text. */
  public static String summarize(Path file) throws IOException {
    FlightRecording recording = new FlightRecording();
    try (RecordingFile events = new RecordingFile(file)) {
      while (events.hasMoreEvents()) {
        recording.add(events.readEvent());
      }
    }
    return recording.text();
  }

  private void add(RecordedEvent event) {
    switch (event.getEventType().getName()) {
      case "jdk.ExecutionSample" -> addSample(event);
      case "jdk.ThreadCPULoad" -> addLoad(event);
      case "jdk.ObjectAllocationSample" -> addAllocation(event);
      default -> {
        // Everything else is of no interest here.
      }
    }
  }

  private void addSample(RecordedEvent event) {
    RecordedStackTrace stack = event.getStackTrace();
    RecordedThread thread = event.getThread("sampledThread");
    if (stack == null || thread == null) {
      return;
    }
    List<String> names = names(stack);
    javaSecondsByThread.add(group(thread.getJavaName()), SAMPLE_SECONDS);
    owners.add(Owner.of(names), SAMPLE_SECONDS);
    frames.add(site(names), SAMPLE_SECONDS);
    Set.copyOf(names).stream()
        .filter(Owner::isSomebodys)
        .forEach(method -> callers.add(method, SAMPLE_SECONDS));
  }

  /** A load is a share of all processors; of this machine's, where the recording was made. */
  private void addLoad(RecordedEvent event) {
    RecordedThread thread = event.getThread();
    if (thread != null) {
      double load = event.getFloat("user") + event.getFloat("system");
      cpuSecondsByThread.add(
          group(thread.getJavaName()),
          load * Runtime.getRuntime().availableProcessors() * LOAD_SECONDS);
    }
  }

  private void addAllocation(RecordedEvent event) {
    RecordedStackTrace stack = event.getStackTrace();
    if (stack != null) {
      List<String> names = names(stack);
      double mib = event.getLong("weight") / MIB;
      allocators.add(Owner.of(names), mib);
      allocationSites.add(event.getClass("objectClass").getName() + " in " + site(names), mib);
    }
  }

  private static List<String> names(RecordedStackTrace stack) {
    List<String> names = new ArrayList<>();
    for (RecordedFrame frame : stack.getFrames()) {
      names.add(frame.getMethod().getType().getName() + "." + frame.getMethod().getName());
    }
    return names;
  }

  /** The top frame, and the frames that lead to it as far as somebody's own code. */
  private static String site(List<String> names) {
    return String.join(" < ", names.subList(0, Math.min(FRAMES, names.size())));
  }

  /** Threads of one kind: numbers and the names of runs left out. */
  static String group(@Nullable String thread) {
    return thread == null
        ? "native threads"
        : thread.replaceAll(".*-StreamThread-\\d+", "StreamThread").replaceAll("\\d+", "#");
  }

  private String text() {
    StringBuilder out = new StringBuilder();
    append(out, "CPU seconds by thread", cpuSecondsByThread, "s");
    append(
        out,
        "Java seconds by thread; what CPU time has more is native code",
        javaSecondsByThread,
        "s");
    append(out, "Java seconds by owner", owners, "s");
    append(out, "Java seconds by top frames", frames, "s");
    append(
        out,
        "Java seconds in a method and all that it calls; they overlap",
        callers,
        javaSecondsByThread.total(),
        "s");
    append(out, "Allocated by owner", allocators, "MiB");
    append(out, "Allocated by class and site", allocationSites, "MiB");
    return out.toString();
  }

  private static void append(StringBuilder out, String title, Shares shares, String unit) {
    append(out, title, shares, shares.total(), unit);
  }

  private static void append(
      StringBuilder out, String title, Shares shares, double total, String unit) {
    out.append(title).append(" (").append(number(total)).append(' ').append(unit).append(")\n");
    for (Shares.Share share : shares.largest(LINES, total)) {
      out.append(
          String.format(
              Locale.ROOT,
              "  %5.1f %%  %9s  %s%n",
              100 * share.share(),
              number(share.weight()),
              share.name()));
    }
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
