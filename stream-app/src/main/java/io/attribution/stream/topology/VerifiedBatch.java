package io.attribution.stream.topology;

import io.attribution.drift.Origin;
import io.attribution.engine.verification.VerificationSummary;
import io.attribution.stream.pending.InputRecord;
import io.attribution.stream.serde.ModelIdentity;
import io.attribution.stream.serde.Verified;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Collects the verification of a batch's explained rows. */
final class VerifiedBatch {
  private final ModelIdentity model;
  private VerificationSummary summary = VerificationSummary.EMPTY;
  private @Nullable Origin first;
  private long lastOffset;
  private long firstTimestamp = Long.MAX_VALUE;
  private long lastTimestamp = Long.MIN_VALUE;
  private long worstOffset;
  private double worstError = -1;
  private long inexact;

  VerifiedBatch(ModelIdentity model) {
    this.model = model;
  }

  void add(InputRecord input, VerificationSummary row) {
    long offset = input.origin().offset();
    if (first == null) {
      first = input.origin();
    }
    lastOffset = offset;
    firstTimestamp = Math.min(firstTimestamp, input.timestamp());
    lastTimestamp = Math.max(lastTimestamp, input.timestamp());
    double error = row.relativeError();
    if (error > worstError) {
      worstError = error;
      worstOffset = offset;
    }
    inexact += error > model.tolerance() ? 1 : 0;
    summary = summary.merge(row);
  }

  /** Empty when no row was explained. */
  Optional<Verified> verified() {
    return Optional.ofNullable(first)
        .map(
            origin ->
                new Verified(
                    model,
                    origin,
                    lastOffset,
                    firstTimestamp,
                    lastTimestamp,
                    summary,
                    worstOffset,
                    worstError,
                    inexact));
  }
}
