package io.attribution.stream.topology;

import io.attribution.engine.attribution.Rejected.Reason;
import io.attribution.stream.serde.ModelIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Remembers what it heard. */
final class HeardBatches implements BatchListener {
  final List<DrainedBatch> drained = new ArrayList<>();
  final List<String> rejected = new ArrayList<>();

  @Override
  public void drained(DrainedBatch batch) {
    drained.add(batch);
  }

  @Override
  public void rejected(Optional<ModelIdentity> model, Reason reason) {
    rejected.add(model.map(ModelIdentity::name).orElse("-") + " " + reason.label());
  }
}
