package io.attribution.demo;

import io.attribution.drift.Origin;
import io.attribution.engine.verification.VerificationSummary;
import io.attribution.stream.topics.Topics;
import java.util.ArrayList;
import java.util.List;

/** What a fresh reader finds on the topics, from their beginning to their end. */
final class Tally implements OutputListener {
  private final Accounts accounts;
  private final List<AlertSeen> alerts = new ArrayList<>();
  private long reduced;
  private long metrics;
  private VerificationSummary verification = VerificationSummary.EMPTY;
  private double worstRelativeError;

  Tally(Topics topics) {
    this.accounts = new Accounts(topics.features());
  }

  static Tally read(DemoCluster cluster, Topics topics) {
    List<String> all =
        List.of(
            topics.features(),
            topics.projected(),
            topics.reduced(),
            topics.verification(),
            topics.alerts(),
            topics.deadLetter());
    Tally tally = new Tally(topics);
    try (TopicReader reader = new TopicReader(cluster, topics, all)) {
      reader.readToEnd(tally);
    }
    return tally;
  }

  @Override
  public void input(Origin position) {
    accounts.input(position);
  }

  @Override
  public void explained(Explanation explanation, long timestamp) {
    projected(explanation.source());
  }

  void projected(Origin source) {
    accounts.projected(source);
  }

  @Override
  public void reduced() {
    reduced++;
  }

  @Override
  public void verified(VerificationSummary summary, double worstRelativeError) {
    metrics++;
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

  @Override
  public void deadLetter(DeadLetter letter) {
    accounts.deadLetter(letter.source());
  }

  Balance balance(long sent) {
    return accounts.balance(sent);
  }

  long reducedCount() {
    return reduced;
  }

  /** How many records the verification topic has. */
  long metrics() {
    return metrics;
  }

  /** What they say together. */
  VerificationSummary verification() {
    return verification;
  }

  double worstRelativeError() {
    return worstRelativeError;
  }
}
