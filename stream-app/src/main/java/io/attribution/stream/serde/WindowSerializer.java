package io.attribution.stream.serde;

import io.attribution.drift.ModelKey;
import io.attribution.drift.Observation;
import io.attribution.drift.VerificationWindow;
import org.apache.kafka.common.serialization.Serializer;

/** Writes VerificationWindow; field for field in the order of the schema. */
public final class WindowSerializer implements Serializer<WindowSerializer.ModelWindow> {
  private static final int TYPICAL_BYTES = 256;

  private final int schemaId;

  public WindowSerializer(int schemaId) {
    this.schemaId = schemaId;
  }

  /**
   * A window with the model that it is about.
   *
   * @param tolerance the bundle's
   */
  public record ModelWindow(ModelKey model, double tolerance, VerificationWindow window) {}

  @Override
  public byte[] serialize(String topic, ModelWindow data) {
    VerificationWindow window = data.window();
    Observation merged = window.merged();
    AvroOutput out =
        AlertSerializer.model(
                new AvroOutput(TYPICAL_BYTES).writeRaw(ConfluentFrame.header(schemaId)),
                data.model())
            .writeLong(window.start())
            .writeLong(window.end())
            .writeLong(window.batches());
    SummaryFields.write(out, merged.summary(), data.tolerance()).writeLong(merged.inexact());
    return ContributionFields.origin(out, merged.worst())
        .writeDouble(merged.worstError())
        .toByteArray();
  }
}
