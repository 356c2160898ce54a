package io.attribution.stream.produce;

import io.attribution.stream.csv.InputException;
import io.attribution.stream.terminal.StatusLine;
import io.attribution.stream.terminal.StopSignal;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** Sends the rows of a CSV source to a topic. */
public final class CsvProduction {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

  private final FeatureProducer producer;
  private final Optional<String> model;
  private final Pace pace;
  private final StatusLine status;
  private final StopSignal stop;
  private long sent;

  /**
   * @param model the bundle that the records name
   */
  public CsvProduction(
      FeatureProducer producer,
      Optional<String> model,
      Pace pace,
      StatusLine status,
      StopSignal stop) {
    this.producer = producer;
    this.model = model;
    this.pace = pace;
    this.status = status;
    this.stop = stop;
  }

  /**
   * Runs until the rows end, the limit is reached, or the stop signal is raised.
   *
   * @param limit how many records at most
   * @return what was sent
   * @throws ProduceException when a record cannot be sent
   * @throws InputException when a row is invalid; the message says how many were sent before
   */
  public Production run(CsvRows rows, OptionalLong limit) {
    long start = System.nanoTime();
    try {
      sendAll(rows, limit, start);
      awaitAcknowledged(rows, limit, start);
    } catch (ProduceException e) {
      if (!stop.isRaised()) {
        throw e;
      }
      // The stop signal interrupted a blocking call; what follows must not be interrupted.
      Thread.interrupted();
    } finally {
      status.clear();
    }
    return production(start);
  }

  private void sendAll(CsvRows rows, OptionalLong limit, long start) {
    try {
      while (sent < limit.orElse(Long.MAX_VALUE) && rows.next()) {
        if (stop.await(pace.untilNext())) {
          return;
        }
        producer.send(rows.key(), rows.features(), model, rows.recordId());
        sent++;
        status.show(() -> production(start).progress(rows.share(), limit));
      }
    } catch (InputException e) {
      producer.flush();
      throw new InputException(e.getMessage() + "; the " + sent + " rows before it were sent", e);
    }
  }

  private void awaitAcknowledged(CsvRows rows, OptionalLong limit, long start) {
    while (!producer.isSettled(sent) && !stop.await(LOOK_AGAIN)) {
      status.show(() -> production(start).progress(rows.share(), limit));
    }
    if (stop.isRaised()) {
      // Waits for the records in flight, so that the count is final.
      producer.close();
    }
  }

  private Production production(long start) {
    return new Production(
        producer.topic(),
        sent,
        producer.acknowledged(),
        Duration.ofNanos(System.nanoTime() - start),
        stop.isRaised());
  }
}
