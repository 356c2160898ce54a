package io.attribution.stream.serde;

import io.attribution.engine.verification.VerificationSummary;

/** The fields that a batch's verification and a window's have in common. */
final class SummaryFields {
  private SummaryFields() {}

  /** From count to exact. */
  static AvroOutput write(AvroOutput out, VerificationSummary summary, double tolerance) {
    return out.writeLong(summary.count())
        .writeLong(summary.elements())
        .writeDouble(summary.zMin())
        .writeDouble(summary.zMax())
        .writeDouble(summary.reconstructionMin())
        .writeDouble(summary.reconstructionMax())
        .writeDouble(summary.maxError())
        .writeDouble(summary.sumError())
        .writeDouble(summary.meanError())
        .writeDouble(summary.relativeError())
        .writeDouble(tolerance)
        .writeBoolean(summary.relativeError() <= tolerance);
  }
}
