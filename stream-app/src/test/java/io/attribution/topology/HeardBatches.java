package io.attribution.topology;

import io.attribution.attribution.Rejected.Reason;
import io.attribution.serde.ModelIdentity;
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
