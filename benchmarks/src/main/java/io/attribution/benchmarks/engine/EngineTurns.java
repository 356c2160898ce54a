package io.attribution.benchmarks.engine;

import ai.djl.Device;
import io.attribution.benchmarks.engine.EngineUnderTest.Answer;
import io.attribution.benchmarks.measure.Samples;
import io.attribution.benchmarks.measure.Turns;
import io.attribution.benchmarks.measure.Turns.Contestant;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.runtime.EngineKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Lets the engines, the Python peers and the machine's own matrix product take turns on one
 * encoder. No time counts before the results agree.
 */
final class EngineTurns implements AutoCloseable {
  static final String LAYERS = EngineKind.LAYERS.label();
  static final String GRAPH = EngineKind.GRAPH.label();
  static final String AUTOGRAD = EngineKind.AUTOGRAD.label();
  static final String VMAP = "vmap(jacrev)";
  static final String FUNCTIONAL = "functional.jacobian";
  static final String CAPTUM = "captum IG, 50 steps";
  private static final String VMAP_PLAIN = "vmap(jacrev), one chunk";

  /** In the order of the tables. */
  static final List<String> JACOBIANS =
      List.of(LAYERS, GRAPH, AUTOGRAD, VMAP, VMAP_PLAIN, FUNCTIONAL, CAPTUM);

  /** The peers that can be chosen. */
  enum Peer {
    vmap,
    functional,
    captum
  }

  /**
   * A peer whose results must agree.
   *
   * @param key engine_peer.py's name for it
   * @param full from raw features to l2, and not only z and J
   */
  private record Exact(Peer peer, String key, String name, boolean full) {}

  private static final List<Exact> EXACT =
      List.of(
          new Exact(Peer.vmap, "vmap_jacrev", VMAP, false),
          new Exact(Peer.vmap, "vmap_jacrev_plain", VMAP_PLAIN, false),
          new Exact(Peer.vmap, "vmap_jacrev", all(VMAP), true),
          new Exact(Peer.functional, "functional_jacobian", FUNCTIONAL, false));

  private final Encoder encoder;
  private final ModelBundle bundle;
  private final Optional<PythonPeer> python;
  private final List<Peer> peers;
  private final Map<String, EngineUnderTest> engines = new LinkedHashMap<>();
  private final List<MatrixProduct> products;

  /**
   * @param device of engines and products
   * @param python has loaded the same bundle
   * @param peers which of Python's take turns
   */
  EngineTurns(
      Encoder encoder,
      ModelBundle bundle,
      Device device,
      Optional<PythonPeer> python,
      List<Peer> peers) {
    this.encoder = encoder;
    this.bundle = bundle;
    this.python = python;
    this.peers = peers;
    this.products = MatrixProduct.all(device);
    for (EngineKind kind : EngineUnderTest.kinds(bundle)) {
      engines.put(kind.label(), new EngineUnderTest(bundle, kind, device));
    }
  }

  /**
   * Who took turns on one batch.
   *
   * @param batch rows
   * @param operations of z and J for one row
   * @param products the machine's own rates in the same turns, operations per second by name
   * @param times seconds per batch, by name
   * @param chunks the chunk size that was fastest for vmap; empty without it
   */
  record Result(
      Encoder encoder,
      int batch,
      long operations,
      Map<String, Double> products,
      Map<String, Samples> times,
      String chunks) {

    /** In charts and settings. */
    String label() {
      return encoder + " " + batch;
    }

    Optional<Samples> time(String name) {
      return Optional.ofNullable(times.get(name));
    }

    /** The machine's own rate: that of the fastest product. */
    double sgemm() {
      return products.values().stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    }

    /** Arithmetic rate of something that computes z and J once, as a share of sgemm's. */
    Optional<Double> ofMachine(String name) {
      return time(name)
          .filter(time -> operations > 0)
          .map(time -> operations * batch / time.median() / sgemm());
    }

    /** What {@code auto} takes: the first of them that can open the bundle. */
    Optional<String> automatic() {
      return Stream.of(LAYERS, GRAPH, AUTOGRAD).filter(times::containsKey).findFirst();
    }

    /** How many times as fast the one is as the other; empty where one of them did not run. */
    Optional<Double> speed(String name, String other) {
      return time(name).flatMap(own -> time(other).map(own::speedOver));
    }
  }

  /** From raw features to contributions and l2. */
  static String all(String name) {
    return name + ", all";
  }

  /**
   * @param batch rows
   * @throws IllegalStateException when results disagree
   */
  Result measure(int batch, Turns turns) {
    FloatMatrix inputs = EngineUnderTest.normal(batch, bundle.inputSize());
    FloatMatrix features = EngineUnderTest.normal(batch, bundle.featureCount());
    List<Contestant> contestants = new ArrayList<>();
    products.forEach(product -> contestants.add(new Contestant(product.name(), product::time)));
    engines.forEach(
        (name, engine) -> {
          contestants.add(Contestant.of(name, () -> engine.linearize(inputs)));
          contestants.add(Contestant.of(all(name), () -> engine.attribute(features)));
        });
    Answer jacobians = agreed(false, inputs);
    Answer attributions = agreed(true, features);
    String chunks = "";
    for (Exact peer : EXACT) {
      if (plays(peer.peer())) {
        Answer expected = peer.full() ? attributions : jacobians;
        PythonPeer.Prepared prepared =
            python.orElseThrow().prepare(peer.key(), peer.full(), peer.full() ? features : inputs);
        requireAgreement(peer.name(), expected, prepared.answer(expected));
        contestants.add(prepared.contestant(peer.name(), 1));
        chunks = peer.name().equals(VMAP) ? prepared.tuned() : chunks;
      }
    }
    if (plays(Peer.captum)) {
      PythonPeer.Prepared prepared = python.orElseThrow().prepare("captum_ig", false, inputs);
      contestants.add(prepared.contestant(CAPTUM, bundle.outputCount()));
    }
    Map<String, Samples> times = turns.measure(contestants);
    return new Result(
        encoder, batch, Encoder.operationsPerRow(bundle), rates(times), times, chunks);
  }

  /** What the engines agree on. */
  private Answer agreed(boolean full, FloatMatrix batch) {
    Optional<Answer> first = Optional.empty();
    for (Map.Entry<String, EngineUnderTest> engine : engines.entrySet()) {
      EngineUnderTest opened = engine.getValue();
      Answer answer = full ? opened.attributed(batch) : opened.linearized(batch);
      first.ifPresent(expected -> requireAgreement(engine.getKey(), expected, answer));
      first = first.or(() -> Optional.of(answer));
    }
    return first.orElseThrow(
        () -> new IllegalStateException("no engine can open " + bundle.directory()));
  }

  private boolean plays(Peer peer) {
    return python.isPresent() && peers.contains(peer);
  }

  private void requireAgreement(String name, Answer expected, Answer actual) {
    String what = encoder + ", " + expected.large().rows() + " rows, " + name;
    Comparison.require(what, expected.small(), actual.small());
    Comparison.require(what, expected.large(), actual.large());
  }

  /** The products' rates, operations per second. */
  private Map<String, Double> rates(Map<String, Samples> times) {
    Map<String, Double> rates = new LinkedHashMap<>();
    for (MatrixProduct product : products) {
      Samples time = times.getOrDefault(product.name(), new Samples(List.of(Double.NaN)));
      rates.put(product.name(), product.operations() / time.median());
    }
    return rates;
  }

  @Override
  public void close() {
    engines.values().forEach(EngineUnderTest::close);
    products.forEach(MatrixProduct::close);
  }
}
