package io.attribution.stream.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class EventQueueTest {
  private final EventQueue queue = new EventQueue(2, 8);

  @Test
  void dropsTheOldestEventsOfASlowClient() throws Exception {
    for (String event : List.of("a", "b", "c", "d", "e")) {
      queue.add(event.getBytes(StandardCharsets.UTF_8));
    }

    assertThat(queue.poll(0)).asString().isEqualTo("d");
    assertThat(queue.poll(0)).asString().isEqualTo("e");
    assertThat(queue.poll(1)).isNull();
    assertThat(queue.dropped()).isEqualTo(3);
  }

  /** A page asks for what it missed then; asking while it is slow would make it slower. */
  @Test
  void tellsOnceThatAClientMissedEventsAndHasTheOthers() throws Exception {
    queue.add(new byte[1]);
    queue.poll(0);
    assertThat(queue.hasCaughtUp()).isFalse();
    for (int i = 0; i < 3; i++) {
      queue.add(new byte[1]);
    }

    queue.poll(0);
    assertThat(queue.hasCaughtUp()).isFalse();
    queue.poll(0);
    assertThat(queue.hasCaughtUp()).isTrue();
    assertThat(queue.hasCaughtUp()).isFalse();
  }

  @Test
  void keepsNoMoreBytesThanItMayButTheNewestEventAlways() throws Exception {
    queue.add("12345".getBytes(StandardCharsets.UTF_8));
    queue.add("6789".getBytes(StandardCharsets.UTF_8));
    assertThat(queue.poll(0)).asString().isEqualTo("6789");

    queue.add("small".getBytes(StandardCharsets.UTF_8));
    queue.add("larger than all that may wait".getBytes(StandardCharsets.UTF_8));

    assertThat(queue.poll(0)).asString().startsWith("larger");
    assertThat(queue.dropped()).isEqualTo(2);
    queue.add("1234".getBytes(StandardCharsets.UTF_8));
    queue.add("5678".getBytes(StandardCharsets.UTF_8));
    assertThat(queue.poll(0)).asString().isEqualTo("1234");
  }

  @Test
  void wakesWhoWaitsWhenItIsClosed() throws Exception {
    Thread closer = new Thread(queue::close);
    closer.start();

    assertThat(queue.poll(10_000)).isNull();
    assertThat(queue.isClosed()).isTrue();
    closer.join();
  }

  @Test
  void takesNoMoreClientsThanItHasThreadsForAndHalfOfThemFromOneAddress() {
    try (EventHub hub = new EventHub()) {
      for (int i = 0; i < EventHub.MAX_CLIENTS / 2; i++) {
        assertThat(hub.subscribe("a")).isPresent();
      }
      assertThat(hub.subscribe("a")).isEmpty();
      EventQueue last = hub.subscribe("b").orElseThrow();
      for (int i = 1; i < EventHub.MAX_CLIENTS / 2; i++) {
        assertThat(hub.subscribe("b")).isPresent();
      }
      assertThat(hub.subscribe("c")).isEmpty();

      hub.unsubscribe(last);

      assertThat(hub.subscribe("c")).isPresent();
    }
  }
}
