package io.attribution.benchmarks.engine;

import io.attribution.benchmarks.engine.EngineUnderTest.Answer;
import io.attribution.benchmarks.engine.PythonPeer.PeerException;
import io.attribution.benchmarks.engine.PythonPeer.Prepared;
import io.attribution.benchmarks.measure.Samples;
import io.attribution.benchmarks.measure.Turns;
import io.attribution.benchmarks.measure.Turns.Contestant;
import io.attribution.engine.attribution.Attributions;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.method.ContributionMethod;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Lets the application with one method, and the Python peers, take turns on one encoder: from raw
 * features to contributions. Each says how far its contributions are from adding up.
 */
final class MethodTurns implements AutoCloseable {
  static final String CAPTUM = "captum IntegratedGradients";
  static final String VMAP = EngineTurns.VMAP + "·u";

  /**
   * @param key engine_peer.py's name for it
   * @param path whether it integrates along a path, as integrated_gradients does
   */
  private record Peer(String key, String name, boolean path) {}

  private static final List<Peer> PEERS =
      List.of(
          new Peer("vmap_contributions", VMAP, false),
          new Peer("integrated_gradients", CAPTUM, true),
          new Peer("deep_lift", "captum DeepLift", true),
          new Peer("gradient_shap", "captum GradientShap", true),
          new Peer("gradient_explainer", "shap GradientExplainer", true));

  private final Encoder encoder;
  private final MethodUnderTest own;
  private final Optional<MethodUnderTest> counterpart;
  private final Optional<PythonPeer> python;

  /**
   * @param own explains the encoder; closed with this
   * @param counterpart joins the turns: another encoder to compare with, of as many features;
   *     closed with this
   * @param python has loaded the encoder's bundle
   */
  MethodTurns(
      Encoder encoder,
      MethodUnderTest own,
      Optional<MethodUnderTest> counterpart,
      Optional<PythonPeer> python) {
    this.encoder = encoder;
    this.own = own;
    this.counterpart = counterpart;
    this.python = python;
  }

  /**
   * One of those who took turns.
   *
   * @param how many nodes or samples, and other settings
   * @param time seconds per batch
   */
  record Entry(String name, Completeness completeness, String how, Samples time) {}

  /**
   * Who took turns on one batch.
   *
   * @param batch rows
   * @param entries the application first
   * @param absent why a peer did not run, by name
   */
  record Result(
      Encoder encoder,
      ContributionMethod method,
      int batch,
      List<Entry> entries,
      Map<String, String> absent) {

    Entry own() {
      return entries.get(0);
    }

    /** How many times as fast the application is; empty where the other did not run. */
    Optional<Double> speedOver(String name) {
      return entries.stream()
          .filter(entry -> entry.name().equals(name))
          .map(entry -> own().time().speedOver(entry.time()))
          .findFirst();
    }
  }

  /** An entry whose time is still to come. */
  private record Ready(Completeness completeness, String how, Contestant contestant) {}

  /**
   * @param features x, (n, D)
   * @throws IllegalStateException when results disagree
   */
  Result measure(FloatMatrix features, Turns turns) {
    List<Ready> ready = new ArrayList<>();
    ready.add(ready(own.label(), own, features));
    counterpart.ifPresent(other -> ready.add(ready(other.label(), other, features)));
    Map<String, String> absent = new LinkedHashMap<>();
    for (Peer peer : python.isPresent() ? PEERS : List.<Peer>of()) {
      try {
        if (peer.path() || !own.method().hasPath()) {
          ready.add(ready(peer, features, ready.get(0).completeness().worst()));
        }
      } catch (PeerException e) {
        absent.put(peer.name(), String.valueOf(e.getMessage()));
      }
    }
    Map<String, Samples> times = turns.measure(ready.stream().map(Ready::contestant).toList());
    List<Entry> entries = new ArrayList<>();
    for (Ready each : ready) {
      String name = each.contestant().name();
      Samples time = Objects.requireNonNull(times.get(name));
      entries.add(new Entry(name, each.completeness(), each.how(), time));
    }
    return new Result(encoder, own.method(), features.rows(), entries, absent);
  }

  private static Ready ready(String name, MethodUnderTest method, FloatMatrix features) {
    Attributions filled = method.attribute(features);
    Answer answer = MethodUnderTest.answer(filled);
    return new Ready(
        Completeness.of(answer.small(), answer.large()),
        MethodUnderTest.nodes(filled),
        Contestant.of(name, () -> method.attribute(features)));
  }

  /**
   * @param error the worst of completeness that counts as equal
   */
  private Ready ready(Peer peer, FloatMatrix features, double error) {
    Prepared prepared = python.orElseThrow().prepareContributions(peer.key(), features, error);
    FloatMatrix explained = features.slice(0, prepared.rows());
    Answer expected = MethodUnderTest.answer(own.attribute(explained));
    Answer answer = prepared.answer(expected);
    requireAgreement(peer, expected, answer);
    return new Ready(
        Completeness.of(answer.small(), answer.large()),
        prepared.tuned(),
        prepared.contestant(peer.name(), features.rows() / prepared.rows()));
  }

  /** The same encoder and base; and for a Jacobian the same contributions. */
  private void requireAgreement(Peer peer, Answer expected, Answer actual) {
    String what = encoder + ", " + expected.large().rows() + " rows, " + peer.name();
    if (own.method() != ContributionMethod.AFFINE) {
      Comparison.require(what, expected.small(), actual.small());
    }
    if (!peer.path()) {
      Comparison.require(what, expected.large(), actual.large());
    }
  }

  /** The application's method and engine. */
  String label() {
    return own.label();
  }

  @Override
  public void close() {
    own.close();
    counterpart.ifPresent(MethodUnderTest::close);
  }
}
