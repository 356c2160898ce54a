package io.attribution.stream.topology;

import io.attribution.drift.Alert;
import io.attribution.drift.Kind;
import io.attribution.drift.LinearityWatch;
import io.attribution.drift.ModelKey;
import io.attribution.drift.Observation;
import io.attribution.drift.VerificationWindow;
import io.attribution.stream.serde.VerificationReader.Metric;
import io.attribution.stream.serde.WindowSerializer.ModelWindow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Watches the linearity error of every model on the verification topic. The store holds a model's
 * state after every record, so that a kill changes no verdict.
 */
final class LinearityProcessor extends WatchProcessor<LinearityWatch> {
  private static final Duration LOOK_FOR_IDLE = Duration.ofSeconds(1);

  private final DriftStage stage;
  private final String windowSink;

  LinearityProcessor(String storeName, DriftStage stage, String windowSink, String alertSink) {
    super(storeName, stage.alertListener(), alertSink, Set.of(Kind.LINEARITY_ERROR));
    this.stage = stage;
    this.windowSink = windowSink;
  }

  @Override
  public void init(ProcessorContext<byte[], Object> context) {
    super.init(context);
    context.schedule(LOOK_FOR_IDLE, PunctuationType.WALL_CLOCK_TIME, now -> closeIdleWindows());
  }

  @Override
  String stateKey(ModelKey model) {
    return model.name() + "/" + model.fingerprint();
  }

  @Override
  boolean isState(String key) {
    return true;
  }

  @Override
  LinearityWatch restored(String key, byte[] state) throws IOException {
    return LinearityWatch.of(state, stage.linearity());
  }

  @Override
  void delete(String key) {
    store().delete(key);
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    Optional<Metric> read = stage.verification().read(record.value());
    if (read.isEmpty()) {
      warnSparsely("skipped a record that is not a VerificationMetric");
      return;
    }
    Metric metric = read.get();
    LinearityWatch watch =
        watch(metric.model(), model -> stage.linearity().watch(model, metric.tolerance()));
    observe(watch, metric.observation());
    retireOthers(watch);
  }

  private void observe(LinearityWatch watch, Observation batch) {
    Optional<Alert> alert = watch.observe(batch);
    List<VerificationWindow> windows = watch.window(batch);
    save(watch);
    alert.ifPresent(this::forward);
    forward(watch, windows);
  }

  @Override
  void ended(LinearityWatch watch) {
    forward(watch, watch.idle());
  }

  /** Publishes the last window of a stream that stopped, without waiting for the next record. */
  private void closeIdleWindows() {
    for (LinearityWatch watch : watches()) {
      if (isSilent(watch, stage.idleAfter())) {
        closeWindows(watch);
      }
    }
  }

  private void closeWindows(LinearityWatch watch) {
    List<VerificationWindow> windows = watch.idle();
    if (!windows.isEmpty()) {
      save(watch);
      forward(watch, windows);
    }
  }

  private void forward(LinearityWatch watch, List<VerificationWindow> windows) {
    byte[] key = watch.model().name().getBytes(StandardCharsets.UTF_8);
    for (VerificationWindow window : windows) {
      ModelWindow value = new ModelWindow(watch.model(), watch.tolerance(), window);
      context().forward(new Record<>(key, value, window.merged().lastTimestamp()), windowSink);
    }
  }
}
