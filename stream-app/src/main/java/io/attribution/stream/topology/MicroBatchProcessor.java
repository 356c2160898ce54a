package io.attribution.stream.topology;

import io.attribution.engine.attribution.Attributed;
import io.attribution.engine.attribution.Outcome;
import io.attribution.engine.attribution.Rejected;
import io.attribution.stream.models.Explainer;
import io.attribution.stream.models.Explainers;
import io.attribution.stream.models.RecordCheck;
import io.attribution.stream.models.RecordCheck.Verdict;
import io.attribution.stream.pending.InputRecord;
import io.attribution.stream.pending.PendingRows;
import io.attribution.stream.pending.PendingRows.Slotted;
import io.attribution.stream.serde.Explained;
import io.attribution.stream.serde.FeatureDecoder;
import io.attribution.stream.serde.FeatureRow;
import io.attribution.stream.serde.ModelIdentity;
import io.attribution.stream.serde.Sampled;
import io.attribution.stream.serde.Verified;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects rows into batches, explains each batch, and forwards every row with its own key,
 * timestamp and headers.
 *
 * <p>Invariant: at every commit, each input record up to the committed offset is either in the
 * store or has its outputs in the same commit. A row leaves the store in the call that forwards its
 * outputs. So no crash loses a row, and under exactly-once none is published twice.
 */
public final class MicroBatchProcessor implements Processor<byte[], byte[], byte[], Object> {
  private static final Logger LOG = LoggerFactory.getLogger(MicroBatchProcessor.class);

  /** Consecutive failed drains of the timer after which the failure stops the stream thread. */
  private static final int MAX_FAILED_DRAINS = 3;

  private final String storeName;
  private final OutputRules rules;
  private final TimedCheck check;
  private final Explainers explainers;
  private final Optional<RowSampler> sampler;
  private final Sinks sinks;
  private final BatchListener listener;
  private final Map<Explainer, ModelBatch> batches = new LinkedHashMap<>();
  private final Queue<Slotted> restored = new ArrayDeque<>();
  private int failedDrains;
  private long drainedMillis = Long.MIN_VALUE;

  private @Nullable ProcessorContext<byte[], Object> context;
  private @Nullable PendingRows pending;

  public MicroBatchProcessor(
      String storeName,
      OutputRules rules,
      FeatureDecoder decoder,
      Explainers explainers,
      Optional<RowSampler> sampler,
      Sinks sinks,
      BatchListener listener) {
    this.storeName = storeName;
    this.rules = rules;
    this.check = new TimedCheck(new RecordCheck(decoder, explainers));
    this.explainers = explainers;
    this.sampler = sampler;
    this.sinks = sinks;
    this.listener = listener;
  }

  @Override
  public void init(ProcessorContext<byte[], Object> context) {
    this.context = context;
    // Kafka Streams reuses the instance after a task was corrupted: start from the store.
    batches.clear();
    restored.clear();
    failedDrains = 0;
    PendingRows rows = context.getStateStore(storeName);
    this.pending = rows;
    restored.addAll(rows.restored());
    if (!restored.isEmpty()) {
      LOG.info("{}: resumed with {} pending rows", context.taskId(), restored.size());
    }
    context.schedule(drainInterval(), PunctuationType.WALL_CLOCK_TIME, now -> drainDue());
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    pending().atWork();
    replayRestored();
    InputRecord input = InputRecord.of(record, context().recordMetadata().orElseThrow());
    Verdict verdict = check(input);
    if (verdict instanceof Verdict.Ready ready) {
      accept(ready, pending().add(input));
    } else {
      reject(input, Optional.empty(), ((Verdict.Refused) verdict).rejected());
    }
  }

  private Verdict check(InputRecord input) {
    Optional<Rejected> tooLarge = rules.tooLarge(input);
    if (tooLarge.isPresent()) {
      return new Verdict.Refused(tooLarge.get());
    }
    Verdict verdict = check.check(input.value());
    if (verdict instanceof Verdict.Ready) {
      Optional<Rejected> refusal = rules.refusal(input, context().currentSystemTimeMs());
      return refusal.isPresent() ? new Verdict.Refused(refusal.get()) : verdict;
    }
    return verdict;
  }

  /**
   * Checks restored rows again: models, schemas and topics may have changed since they were stored,
   * or an output was refused.
   */
  private void replayRestored() {
    for (Slotted row = restored.peek(); row != null; row = restored.peek()) {
      Verdict verdict = check(row.record());
      if (verdict instanceof Verdict.Ready ready) {
        ModelBatch batch = batchWithSpace(ready.explainer());
        // Only now: the drain above may fail, and this queue is the only reference to the row.
        restored.remove();
        add(batch, row, ready.row());
      } else {
        restored.remove();
        reject(row.record(), Optional.empty(), ((Verdict.Refused) verdict).rejected());
        pending().remove(row);
      }
    }
  }

  private void accept(Verdict.Ready ready, Slotted row) {
    add(batchWithSpace(ready.explainer()), row, ready.row());
  }

  /** The model's batch, with space for a row. A batch whose last drain failed is still full. */
  private ModelBatch batchWithSpace(Explainer explainer) {
    ModelBatch batch = batches.computeIfAbsent(explainer, ModelBatch::new);
    if (batch.isFull()) {
      drain(batch);
    }
    return batch;
  }

  private void add(ModelBatch batch, Slotted row, FeatureRow features) {
    batch.add(row, features, nowMillis());
    if (batch.isFull()) {
      drain(batch);
    }
  }

  /**
   * The present, unless Kafka Streams' cached time is that of the last drain. It caches the time
   * while it processes records, also while a batch is computed: a row behind that batch would seem
   * to have waited that long.
   */
  private OptionalLong nowMillis() {
    long now = context().currentSystemTimeMs();
    return now == drainedMillis ? OptionalLong.empty() : OptionalLong.of(now);
  }

  private void reject(InputRecord input, Optional<ModelIdentity> model, Rejected rejected) {
    forward(DeadLetters.of(input, rejected), sinks.deadLetter());
    listener.rejected(model, rejected.reason());
  }

  /** Does not throw for a transient fault: the timer goes on, and the rows stay in their batch. */
  private void drainDue() {
    pending().atWork();
    try {
      replayRestored();
      for (ModelBatch batch : batches.values()) {
        if (batch.isDue(context().currentSystemTimeMs())) {
          drain(batch);
        }
      }
      failedDrains = 0;
    } catch (EngineFailure e) {
      failedDrains++;
      if (failedDrains >= MAX_FAILED_DRAINS) {
        throw e;
      }
      LOG.warn("{}: {}; retrying", context().taskId(), e.getMessage());
    }
  }

  private void drain(ModelBatch batch) {
    long start = System.nanoTime();
    // All outcomes before the first forward: a failure here must not leave a batch half sent.
    List<Outcome> outcomes = explain(batch);
    long explained = System.nanoTime();
    Optional<Verified> verified = forward(batch, outcomes);
    long forwarded = System.nanoTime();
    listener.drained(
        new DrainedBatch(
            batch.explainer().model(),
            batch.rows().size(),
            batch.trigger(),
            check.takeNanos(),
            explained - start,
            forwarded - explained,
            verified));
    batch.clear(TimeUnit.NANOSECONDS.toMillis(forwarded - start));
    drainedMillis = context().currentSystemTimeMs();
  }

  private Optional<Verified> forward(ModelBatch batch, List<Outcome> outcomes) {
    ModelIdentity model = batch.explainer().model();
    VerifiedBatch verification = new VerifiedBatch(model);
    for (int i = 0; i < outcomes.size(); i++) {
      ModelBatch.Row row = batch.rows().get(i);
      InputRecord input = row.pending().record();
      if (outcomes.get(i) instanceof Attributed attributed) {
        forwardExplained(batch, row, attributed);
        verification.add(input, attributed.verification());
      } else {
        reject(input, Optional.of(model), (Rejected) outcomes.get(i));
      }
      pending().remove(row.pending());
    }
    Optional<Verified> verified = verification.verified();
    verified.ifPresent(this::forwardVerified);
    sampler.ifPresent(some -> forwardSamples(batch, outcomes, some));
    return verified;
  }

  private static List<Outcome> explain(ModelBatch batch) {
    try {
      return batch.explainer().explain(batch.features());
    } catch (RuntimeException e) {
      throw new EngineFailure(batch.explainer().model(), batch.rows().size(), e);
    }
  }

  private void forwardExplained(ModelBatch batch, ModelBatch.Row row, Attributed attributed) {
    InputRecord input = row.pending().record();
    Explained explained =
        new Explained(batch.explainer().model(), input.origin(), row.recordId(), attributed);
    Record<byte[], Explained> output = input.output(explained);
    for (String sink : sinks.explained()) {
      forward(output, sink);
    }
  }

  /** Publishes some rows of the batch, evenly spaced, as samples. */
  private void forwardSamples(ModelBatch batch, List<Outcome> outcomes, RowSampler some) {
    int rows = outcomes.size();
    ModelIdentity model = batch.explainer().model();
    int wanted = some.take(rows, model, context().currentSystemTimeMs());
    for (int i = 0; i < wanted; i++) {
      int row = (int) ((long) i * rows / wanted);
      ModelBatch.Row origin = batch.rows().get(row);
      InputRecord input = origin.pending().record();
      if (outcomes.get(row) instanceof Attributed attributed
          && !rules.refusesSample(input.origin())) {
        Explained explained = new Explained(model, input.origin(), origin.recordId(), attributed);
        Sampled sampled =
            new Sampled(explained, batch.features().slice(row, row + 1), some.reduction());
        some.recent().add(model.fingerprint(), batch.features().row(row));
        for (String sink : sinks.samples()) {
          forward(new Record<>(key(model), sampled, input.timestamp()), sink);
        }
      }
    }
  }

  private static byte[] key(ModelIdentity model) {
    return model.name().getBytes(StandardCharsets.UTF_8);
  }

  private void forwardVerified(Verified verified) {
    byte[] key = key(verified.model());
    for (String sink : sinks.verification()) {
      forward(new Record<>(key, verified, verified.lastTimestamp()), sink);
    }
  }

  private <V> void forward(Record<byte[], V> record, String sink) {
    context().forward(record, sink);
  }

  private Duration drainInterval() {
    long shortest =
        explainers.all().stream()
            .mapToLong(explainer -> explainer.policy().linger().toMillis())
            .min()
            .orElseThrow();
    return Duration.ofMillis(Math.max(1, shortest / 2));
  }

  private ProcessorContext<byte[], Object> context() {
    return Objects.requireNonNull(context, "init was not called");
  }

  private PendingRows pending() {
    return Objects.requireNonNull(pending, "init was not called");
  }
}
