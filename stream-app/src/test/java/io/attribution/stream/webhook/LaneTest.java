package io.attribution.stream.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.stream.webhook.DeliveryListener.Outcome;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class LaneTest {
  private final Deque<CompletableFuture<Reply>> replies = new ArrayDeque<>();
  private final Deque<Throwable> faults = new ArrayDeque<>();
  private final List<Long> posted = new ArrayList<>();
  private final List<Outcome> outcomes = new ArrayList<>();
  private long now;

  private final Lane lane =
      new Lane(
          record -> {
            posted.add(record.offset());
            Throwable fault = faults.poll();
            if (fault instanceof Error error) {
              throw error;
            }
            if (fault != null) {
              throw (RuntimeException) fault;
            }
            return replies.remove();
          },
          RetrySchedule.of(Duration.ofMinutes(1)),
          new DeliveryListener() {
            @Override
            public void finished(Outcome outcome) {
              outcomes.add(outcome);
            }
          },
          () -> now,
          () -> 0L);

  @Test
  void triesAnAlertAgainBeforeItGoesOnToTheNext() {
    add(5, 6);
    reply(failed(), failed(), accepted(), accepted());

    lane.advance();
    later(Duration.ofSeconds(1));
    later(Duration.ofSeconds(2));

    assertThat(posted).containsExactly(5L, 5L, 5L, 6L);
    assertThat(lane.committable()).hasValue(7);
    assertThat(lane.isIdle()).isTrue();
  }

  @Test
  void waitsForTheTimeOfTheNextTry() {
    add(5);
    reply(failed(), accepted());

    lane.advance();
    later(Duration.ofMillis(999));

    assertThat(posted).containsExactly(5L);
    assertThat(lane.committable()).isEmpty();
  }

  @Test
  void sendsTheNextOnlyAfterTheReply() {
    add(5, 6);
    CompletableFuture<Reply> slow = new CompletableFuture<>();
    replies.add(slow);
    reply(accepted());

    lane.advance();
    lane.advance();
    assertThat(posted).containsExactly(5L);
    assertThat(lane.isInFlight()).isTrue();

    slow.complete(accepted());
    lane.advance();
    assertThat(posted).containsExactly(5L, 6L);
    assertThat(lane.committable()).hasValue(7);
  }

  @Test
  void goesOnAfterARefusalAtOnce() {
    add(5, 6);
    reply(new Reply.Refused("status 400"), accepted());

    lane.advance();

    assertThat(outcomes).containsExactly(Outcome.REFUSED, Outcome.DELIVERED);
    assertThat(lane.committable()).hasValue(7);
  }

  /** Read again it would fail again: no later alert would ever be delivered. */
  @Test
  void goesOnAfterAnAlertThatCannotBeMadeARequest() {
    add(5, 6);
    faults.add(new IllegalStateException("on purpose"));
    reply(accepted());

    lane.advance();

    assertThat(outcomes).containsExactly(Outcome.REFUSED, Outcome.DELIVERED);
    assertThat(lane.committable()).hasValue(7);
  }

  @Test
  void triesAgainAfterAnErrorThatMayPass() {
    add(5);
    faults.add(new LinkageError("on purpose"));
    reply(accepted());

    lane.advance();
    later(Duration.ofSeconds(1));

    assertThat(outcomes).containsExactly(Outcome.DELIVERED);
  }

  @Test
  void givesUpWhenTheTimeIsUpAndGivesTheNextAlertAllTheTime() {
    add(5, 6);
    reply(failed(), failed(), failed(), accepted());

    lane.advance();
    later(Duration.ofMinutes(1));
    assertThat(outcomes).containsExactly(Outcome.GIVEN_UP);
    assertThat(posted).containsExactly(5L, 5L, 6L);

    later(Duration.ofSeconds(1));
    assertThat(outcomes).containsExactly(Outcome.GIVEN_UP, Outcome.DELIVERED);
  }

  @Test
  void cancelsWhatIsUnderWayWhenItIsAbandoned() {
    add(5);
    CompletableFuture<Reply> slow = new CompletableFuture<>();
    replies.add(slow);
    lane.advance();

    lane.abandon();

    assertThat(slow).isCancelled();
    assertThat(lane.committable()).isEmpty();
  }

  private void add(long... offsets) {
    for (long offset : offsets) {
      lane.add(List.of(new ConsumerRecord<>("alerts", 0, offset, new byte[0], new byte[0])));
    }
  }

  private void reply(Reply... next) {
    for (Reply reply : next) {
      replies.add(CompletableFuture.completedFuture(reply));
    }
  }

  private void later(Duration time) {
    now += time.toNanos();
    lane.advance();
  }

  private static Reply accepted() {
    return new Reply.Accepted();
  }

  private static Reply failed() {
    return new Reply.Failed("status 503", Optional.empty());
  }
}
