package io.attribution.benchmarks.engine;

import ai.djl.Device;
import io.attribution.benchmarks.measure.Contestant;
import io.attribution.benchmarks.measure.Standings;
import io.attribution.benchmarks.measure.TakingTurns;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.runtime.EngineKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Lets the engines, the Python peers and the machine's own matrix product take turns on one
 * encoder. Nobody's time counts before its numbers agree with the others'.
 */
final class Matches implements AutoCloseable {
  private static final List<EngineKind> KINDS = List.of(EngineKind.LAYERS, EngineKind.AUTOGRAD);

  private final Encoder encoder;
  private final ModelBundle bundle;
  private final Optional<PythonPeer> python;
  private final TakingTurns turns;
  private final Map<String, String> tuned = new LinkedHashMap<>();
  private final Map<String, EngineUnderTest> engines = new LinkedHashMap<>();
  private final List<MatrixProduct> products;

  /**
   * @param device where they compute
   * @param python has loaded the same bundle
   */
  Matches(
      Encoder encoder,
      ModelBundle bundle,
      Device device,
      Optional<PythonPeer> python,
      TakingTurns turns) {
    this.products = MatrixProduct.all(device);
    this.encoder = encoder;
    this.bundle = bundle;
    this.python = python;
    this.turns = turns;
    for (EngineKind kind : KINDS) {
      if (EngineUnderTest.canOpen(bundle, kind)) {
        engines.put(kind.label(), new EngineUnderTest(bundle, kind, device));
      }
    }
  }

  /**
   * @param batch rows
   * @throws IllegalStateException when results disagree
   */
  Match play(int batch) {
    tuned.clear();
    List<Contestant> contestants = new ArrayList<>(products);
    FloatMatrix inputs = Rows.normal(batch, bundle.inputSize());
    FloatMatrix features = Rows.normal(batch, bundle.featureCount());
    engines.forEach(
        (name, engine) -> {
          contestants.add(new EngineContestant(name, () -> engine.linearize(inputs)));
          contestants.add(new EngineContestant(Names.all(name), () -> engine.attribute(features)));
        });
    Answer jacobians = agreed(false, inputs);
    Answer attributions = agreed(true, features);
    python.ifPresent(
        peer -> contestants.addAll(peers(peer, inputs, jacobians, features, attributions)));
    Standings times = turns.measure(contestants);
    return new Match(encoder, batch, encoder.operationsPerRow(bundle), rates(times), times, tuned);
  }

  /** What the engines agree on. */
  private Answer agreed(boolean full, FloatMatrix batch) {
    Answer first = null;
    for (Map.Entry<String, EngineUnderTest> engine : engines.entrySet()) {
      Answer answer =
          full ? engine.getValue().attributed(batch) : engine.getValue().linearized(batch);
      if (first == null) {
        first = answer;
      }
      requireAgreement(engine.getKey(), first, answer);
    }
    if (first == null) {
      throw new IllegalStateException("no engine can open " + bundle.directory());
    }
    return first;
  }

  private List<Contestant> peers(
      PythonPeer peer,
      FloatMatrix inputs,
      Answer jacobians,
      FloatMatrix features,
      Answer attributions) {
    List<Contestant> contestants = new ArrayList<>();
    if (peer.plays("vmap")) {
      contestants.add(exact(peer, "vmap_jacrev", Names.VMAP, inputs, jacobians));
      contestants.add(exact(peer, "vmap_jacrev_plain", Names.VMAP_PLAIN, inputs, jacobians));
      contestants.add(all(peer, features, attributions));
    }
    if (peer.plays("functional")) {
      contestants.add(exact(peer, "functional_jacobian", Names.FUNCTIONAL, inputs, jacobians));
    }
    if (peer.plays("captum")) {
      contestants.add(
          peer.prepare("captum_ig", false, inputs).contestant(Names.CAPTUM, bundle.outputCount()));
    }
    return contestants;
  }

  private Contestant exact(
      PythonPeer peer, String key, String name, FloatMatrix inputs, Answer expected) {
    PythonPeer.Prepared prepared = peer.prepare(key, false, inputs);
    requireAgreement(name, expected, prepared.answer(expected));
    tuned.put(name, prepared.tuned());
    return prepared.contestant(name, 1);
  }

  private Contestant all(PythonPeer peer, FloatMatrix features, Answer expected) {
    PythonPeer.Prepared prepared = peer.prepare("vmap_jacrev", true, features);
    requireAgreement(Names.all(Names.VMAP), expected, prepared.answer(expected));
    return prepared.contestant(Names.all(Names.VMAP), 1);
  }

  private void requireAgreement(String name, Answer expected, Answer actual) {
    String what = encoder.label() + ", " + expected.large().rows() + " rows, " + name;
    Agreement.require(what, expected.small(), actual.small());
    Agreement.require(what, expected.large(), actual.large());
  }

  /** The products' rates, operations per second. */
  private Map<String, Double> rates(Standings times) {
    Map<String, Double> rates = new LinkedHashMap<>();
    for (MatrixProduct product : products) {
      rates.put(product.name(), product.operations() / times.of(product.name()).median());
    }
    return rates;
  }

  @Override
  public void close() {
    engines.values().forEach(EngineUnderTest::close);
    products.forEach(MatrixProduct::close);
  }
}
