package io.attribution.engine.attribution;

import io.attribution.engine.admission.AdmissionCheck;
import io.attribution.engine.admission.AdmittedModel;
import io.attribution.engine.bundle.BundleLoader;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.bundle.Tensor;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.reduction.Reduction;
import io.attribution.engine.runtime.EngineKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;

/** Golden encoders that stay open between the tries of a property. */
final class OpenModels implements AutoCloseable {
  private final Map<Key, OpenModel> open = new HashMap<>();

  /**
   * @param name the golden case
   * @param engine an engine that it has
   */
  record Key(String name, EngineKind engine) {}

  /** Every case that is wanted, with every engine that it has. */
  static List<Key> keys(Predicate<GoldenCase> wanted) {
    List<Key> keys = new ArrayList<>();
    for (String name : GoldenCase.names()) {
      GoldenCase golden = GoldenCase.named(name);
      if (wanted.test(golden)) {
        ModelBundle bundle = BundleLoader.load(golden.directory());
        bundle.encoder().ifPresent(encoder -> keys.add(new Key(name, EngineKind.AUTOGRAD)));
        bundle.layers().ifPresent(layers -> keys.add(new Key(name, EngineKind.LAYERS)));
      }
    }
    return keys;
  }

  OpenModel get(Key key) {
    return open.computeIfAbsent(key, OpenModel::of);
  }

  @Override
  public void close() {
    open.values().forEach(OpenModel::close);
  }

  /** A golden encoder, ready to attribute. */
  record OpenModel(GoldenCase golden, AdmittedModel model, Attributor attributor) {

    static OpenModel of(Key key) {
      GoldenCase golden = GoldenCase.named(key.name());
      AdmittedModel model =
          AdmissionCheck.admit(BundleLoader.load(golden.directory()), key.engine());
      ResultSelection all = ResultSelection.all(new Reduction.L2());
      return new OpenModel(golden, model, model.attributor(all));
    }

    List<Attributed> attribute(FloatMatrix rows) {
      return attributor.explain(rows).stream().map(Attributed.class::cast).toList();
    }

    /** Rows around the features' means, spread by their scales. */
    List<float[]> inputs(int count, Random random) {
      int features = model.bundle().featureCount();
      Optional<Tensor> mean = model.bundle().preprocessing().mean();
      Optional<Tensor> scale = model.bundle().preprocessing().scale();
      List<float[]> rows = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        float[] row = new float[features];
        for (int k = 0; k < features; k++) {
          float spread = scale.isPresent() ? scale.get().values()[k] : 1;
          row[k] = (float) (spread * random.nextGaussian());
          row[k] += mean.isPresent() ? mean.get().values()[k] : 0;
        }
        rows.add(row);
      }
      return rows;
    }

    void close() {
      attributor.close();
      model.close();
    }
  }
}
