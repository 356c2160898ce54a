package io.attribution.topology;

import io.attribution.batch.Origin;
import io.attribution.serde.ModelIdentity;
import io.attribution.serde.Verified;
import io.attribution.verification.VerificationSummary;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Collects the verification of a batch's explained rows. */
final class VerifiedBatch {
  private VerificationSummary summary = VerificationSummary.EMPTY;
  private @Nullable Origin first;
  private long lastOffset;
  private long firstTimestamp = Long.MAX_VALUE;
  private long lastTimestamp = Long.MIN_VALUE;
  private long worstOffset;
  private double worstError = -1;

  void add(InputRecord input, VerificationSummary row) {
    long offset = input.origin().offset();
    if (first == null) {
      first = input.origin();
    }
    lastOffset = offset;
    firstTimestamp = Math.min(firstTimestamp, input.timestamp());
    lastTimestamp = Math.max(lastTimestamp, input.timestamp());
    if (row.relativeError() > worstError) {
      worstError = row.relativeError();
      worstOffset = offset;
    }
    summary = summary.merge(row);
  }

  /** Nothing when no row was explained. */
  Optional<Verified> of(ModelIdentity model) {
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
                    worstError));
  }
}
