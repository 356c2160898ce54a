package io.attribution.drift;

import io.attribution.engine.verification.VerificationSummary;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * How well f(e) = J(e)·e held for a batch, or for a few batches in a row.
 *
 * @param inexact rows whose own relative error is above the tolerance; below 0 when unknown
 * @param engine name of the engine that computed it
 * @param worst the row with the largest relative error of its own
 * @param worstError that error
 * @param firstTimestamp smallest event time of the rows, in milliseconds
 * @param lastTimestamp largest event time
 */
public record Observation(
    VerificationSummary summary,
    long inexact,
    String engine,
    Origin worst,
    double worstError,
    long firstTimestamp,
    long lastTimestamp) {

  /** Both batches as one, with the engine of the later one. */
  Observation merge(Observation later) {
    boolean laterIsWorse = later.worstError > worstError;
    return new Observation(
        summary.merge(later.summary),
        inexact < 0 || later.inexact < 0 ? -1 : inexact + later.inexact,
        later.engine,
        laterIsWorse ? later.worst : worst,
        Math.max(worstError, later.worstError),
        Math.min(firstTimestamp, later.firstTimestamp),
        Math.max(lastTimestamp, later.lastTimestamp));
  }

  /** max |f(e)|, in the unit of the outputs. */
  double magnitude() {
    return Math.max(Math.abs(summary.zMin()), Math.abs(summary.zMax()));
  }

  void writeTo(DataOutput out) throws IOException {
    write(out, summary);
    out.writeLong(inexact);
    out.writeUTF(engine);
    out.writeUTF(worst.topic());
    out.writeInt(worst.partition());
    out.writeLong(worst.offset());
    out.writeDouble(worstError);
    out.writeLong(firstTimestamp);
    out.writeLong(lastTimestamp);
  }

  static Observation readFrom(DataInput in) throws IOException {
    return new Observation(
        readSummary(in),
        in.readLong(),
        in.readUTF(),
        new Origin(in.readUTF(), in.readInt(), in.readLong()),
        in.readDouble(),
        in.readLong(),
        in.readLong());
  }

  private static void write(DataOutput out, VerificationSummary summary) throws IOException {
    out.writeLong(summary.count());
    out.writeLong(summary.elements());
    out.writeDouble(summary.zMin());
    out.writeDouble(summary.zMax());
    out.writeDouble(summary.reconstructionMin());
    out.writeDouble(summary.reconstructionMax());
    out.writeDouble(summary.maxError());
    out.writeDouble(summary.sumError());
  }

  private static VerificationSummary readSummary(DataInput in) throws IOException {
    return new VerificationSummary(
        in.readLong(),
        in.readLong(),
        in.readDouble(),
        in.readDouble(),
        in.readDouble(),
        in.readDouble(),
        in.readDouble(),
        in.readDouble());
  }
}
