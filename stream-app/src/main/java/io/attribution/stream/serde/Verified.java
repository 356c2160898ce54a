package io.attribution.stream.serde;

import io.attribution.drift.Origin;
import io.attribution.engine.verification.VerificationSummary;

/**
 * How well f(e) = J(e)·e held for a batch, on its way to the verification topic.
 *
 * @param model who explained the records
 * @param first the first of the records
 * @param lastOffset the last of them, in the same partition
 * @param firstTimestamp smallest timestamp of the records, in milliseconds since the epoch
 * @param lastTimestamp largest timestamp
 * @param summary over the records
 * @param worstOffset the record with the largest relative error of its own
 * @param worstRelativeError that error
 * @param inexact records whose own relative error is above the model's tolerance
 */
public record Verified(
    ModelIdentity model,
    Origin first,
    long lastOffset,
    long firstTimestamp,
    long lastTimestamp,
    VerificationSummary summary,
    long worstOffset,
    double worstRelativeError,
    long inexact) {}
