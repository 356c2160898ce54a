package io.attribution.demo;

import io.attribution.engine.verification.VerificationSummary;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What was seen on the topics so far. For use by one thread. */
final class Scoreboard implements OutputListener {
  /** What "now" means in rates and latencies. */
  static final Duration WINDOW = Duration.ofSeconds(5);

  private final Clock clock;
  private final long startMillis;
  private final PositionSet outcomes = new PositionSet();
  private final Neighbours neighbours = new Neighbours();
  private final Reasons reasons = new Reasons();
  private final LatencyWindow recent = new LatencyWindow(WINDOW);
  private final LatencyHistogram latencies = new LatencyHistogram();
  private VerificationSummary verification = VerificationSummary.EMPTY;
  private double worstRelativeError;
  private final List<AlertSeen> alerts = new ArrayList<>();
  private long explained;
  private long reduced;
  private @Nullable Explanation latest;
  private @Nullable Duration firstAfter;

  Scoreboard(Clock clock) {
    this.clock = clock;
    this.startMillis = clock.millis();
  }

  @Override
  public void explained(Explanation explanation, long timestamp) {
    long now = clock.millis();
    explained++;
    latest = explanation;
    outcomes.add(explanation.source());
    neighbours.explained(explanation.source());
    recent.add(now, now - timestamp);
    latencies.add(now - timestamp);
    if (firstAfter == null) {
      firstAfter = Duration.ofMillis(now - startMillis);
    }
  }

  @Override
  public void reduced() {
    reduced++;
  }

  @Override
  public void verified(VerificationSummary summary, double worstRelativeError) {
    verification = verification.merge(summary);
    this.worstRelativeError = Math.max(this.worstRelativeError, worstRelativeError);
  }

  @Override
  public void alert(AlertSeen alert) {
    alerts.add(alert);
  }

  /** All alerts, in the order of their topic. */
  List<AlertSeen> alerts() {
    return alerts;
  }

  /** What is open now, the linearity error first. */
  Optional<AlertSeen> openAlert() {
    Map<String, AlertSeen> latest = new TreeMap<>(Comparator.reverseOrder());
    alerts.forEach(alert -> latest.put(alert.kind(), alert));
    return latest.values().stream().filter(AlertSeen::open).findFirst();
  }

  @Override
  public void deadLetter(DeadLetter letter) {
    outcomes.add(letter.source());
    neighbours.bad(letter.source());
    reasons.add(letter);
  }

  /** How many input records came out, each counted once. */
  long outcomes() {
    return outcomes.size();
  }

  long explainedCount() {
    return explained;
  }

  long reducedCount() {
    return reduced;
  }

  Reasons deadLetters() {
    return reasons;
  }

  /** How many records next to a bad one are explained. */
  long explainedNeighbours() {
    return neighbours.explainedCount();
  }

  VerificationSummary verification() {
    return verification;
  }

  /** The largest relative error of a single record. */
  double worstRelativeError() {
    return worstRelativeError;
  }

  /** Latencies of the last seconds, from the record's timestamp to the moment it was read. */
  LatencyHistogram recentLatencies() {
    return recent.at(clock.millis());
  }

  LatencyHistogram latencies() {
    return latencies;
  }

  Optional<Explanation> latest() {
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
