package io.attribution.stream.serde;

import io.attribution.drift.Origin;
import io.attribution.engine.attribution.Attributed;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.method.ContributionMethod;
import io.attribution.engine.reduction.Reduction;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** The fields that both kinds of contribution records begin and end with. */
final class ContributionFields {
  private static final Map<ContributionMethod, byte[]> METHODS = methods();

  private ContributionFields() {}

  private static Map<ContributionMethod, byte[]> methods() {
    Map<ContributionMethod, byte[]> methods = new EnumMap<>(ContributionMethod.class);
    for (ContributionMethod method : ContributionMethod.values()) {
      methods.put(method, AvroOutput.encoded(method.label()));
    }
    return methods;
  }

  static AvroOutput begin(RecordHeads heads, Explained record) {
    AvroOutput out =
        origin(heads.begin(record.model()), record.origin()).writeOptionalString(record.recordId());
    return row(out, record.attributed().batch().embedding(), record);
  }

  static AvroOutput row(AvroOutput out, FloatMatrix matrix, Explained record) {
    return out.writeFloats(matrix, record.attributed().row());
  }

  static AvroOutput origin(AvroOutput out, Origin origin) {
    return out.writeString(origin.topic()).writeLong(origin.partition()).writeLong(origin.offset());
  }

  /** How reduced contributions were made: label, and target where there is one. */
  static AvroOutput reduction(AvroOutput out, Reduction reduction) {
    OptionalInt target = reduction.target();
    out.writeString(reduction.label());
    return target.isPresent() ? out.writeLong(1).writeLong(target.getAsInt()) : out.writeLong(0);
  }

  static byte[] end(AvroOutput out, Explained record) {
    double relativeError = record.relativeError();
    double tolerance = record.model().tolerance();
    out.writeDouble(relativeError)
        .writeDouble(tolerance)
        .writeBoolean(relativeError <= tolerance)
        .writeRaw(Objects.requireNonNull(METHODS.get(record.model().method())));
    Attributed attributed = record.attributed();
    Optional<FloatMatrix> base = attributed.batch().base();
    if (base.isPresent()) {
      row(out, base.get(), record);
    } else {
      out.writeLong(0);
    }
    out.writeLong(attributed.nodes());
    OptionalDouble error = attributed.standardError();
    if (error.isPresent()) {
      out.writeLong(1).writeDouble(error.getAsDouble());
    } else {
      out.writeLong(0);
    }
    return out.toByteArray();
  }
}
