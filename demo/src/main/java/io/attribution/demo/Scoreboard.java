package io.attribution.demo;

import io.attribution.demo.TopicReader.DeadLetter;
import io.attribution.schema.DriftAlert;
import io.attribution.schema.ProjectedContribution;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A tally that is kept while records arrive: also what came last, and how fast. Single-threaded.
 */
final class Scoreboard extends Tally {
  /** Rates and latencies are those of this time. */
  static final Duration WINDOW = Duration.ofSeconds(5);

  private final Clock clock;
  private final long startMillis;
  private final Latencies.Window recent = new Latencies.Window(WINDOW);
  private final Latencies latencies = new Latencies();
  private final Map<String, Reason> reasons = new LinkedHashMap<>();
  private @Nullable ProjectedContribution latest;
  private @Nullable Duration firstAfter;

  Scoreboard(Clock clock) {
    this.clock = clock;
    this.startMillis = clock.millis();
  }

  /**
   * Dead letters with one reason.
   *
   * @param lastSeen number of the latest among all dead letters
   */
  record Reason(String name, long count, long lastSeen, DeadLetter latest) {}

  @Override
  void explained(ProjectedContribution explanation, long timestamp) {
    super.explained(explanation, timestamp);
    long now = clock.millis();
    latest = explanation;
    recent.add(now, now - timestamp);
    latencies.add(now - timestamp);
    if (firstAfter == null) {
      firstAfter = Duration.ofMillis(now - startMillis);
    }
  }

  @Override
  void deadLetter(DeadLetter letter) {
    super.deadLetter(letter);
    long number = deadLetters();
    reasons.merge(
        letter.reason(),
        new Reason(letter.reason(), 1, number, letter),
        (old, now) -> new Reason(old.name(), old.count() + 1, number, letter));
  }

  /** The reasons that were seen last, in the order in which each came first. */
  List<Reason> latestReasons(int limit) {
    List<Reason> latest =
        reasons.values().stream()
            .sorted(Comparator.comparingLong(Reason::lastSeen).reversed())
            .limit(limit)
            .toList();
    return reasons.values().stream().filter(latest::contains).toList();
  }

  /** What is open now, a linearity error first. */
  Optional<DriftAlert> openAlert() {
    Map<String, DriftAlert> latest = new TreeMap<>(Comparator.reverseOrder());
    alerts().forEach(alert -> latest.put(alert.getKind(), alert));
    return latest.values().stream().filter(Injection::isOpen).findFirst();
  }

  /** Latencies of the last seconds, from the record's timestamp to the moment it was read. */
  Latencies recentLatencies() {
    return recent.at(clock.millis());
  }

  Latencies latencies() {
    return latencies;
  }

  Optional<ProjectedContribution> latest() {
    return Optional.ofNullable(latest);
  }

  /** How long after the start the first explanation was read. */
  Optional<Duration> firstAfter() {
    return Optional.ofNullable(firstAfter);
  }

  Duration elapsed() {
    return Duration.ofMillis(clock.millis() - startMillis);
  }
}
