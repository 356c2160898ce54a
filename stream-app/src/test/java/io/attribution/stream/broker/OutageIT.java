package io.attribution.stream.broker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.attribution.local.EmbeddedKafka;
import io.attribution.local.RegistryMode;
import io.attribution.local.RegistryProxy;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Readiness, metrics and log while the world around the application is broken, and after its
 * repair.
 */
class OutageIT {
  /** Twice what is promised, because the machine may be busy. OutsideTest has the exact time. */
  private static final Duration PROMISED = Duration.ofSeconds(60);

  /** Not promised: a commit that timed out after a minute, a new thread, records read again. */
  private static final Duration REPAIRED = Duration.ofMinutes(4);

  private static final int LINES_A_MINUTE = 10;
  private static final int FEATURES = 64;
  private static final int NEWER = 10;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern ADDRESS = Pattern.compile("health and metrics at (http://\\S+)");
  private static final Pattern TIMED = Pattern.compile("^\\d\\d:\\d\\d:\\d\\d");

  @TempDir private Path directory;
  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void isSeenFromOutside() throws Exception {
    int controller = TwoBrokers.freePort();
    try (Cluster cluster = new Cluster(TwoBrokers.first(controller));
        EmbeddedKafka second = TwoBrokers.second(cluster.kafka, controller, directory);
        RegistryProxy registry = RegistryProxy.start(cluster.registry.url());
        FeatureProducer producer = new FeatureProducer(cluster, 8);
        FeatureValues values = new FeatureValues(cluster.endpoints, cluster.topics.features());
        AppProcess application = start(cluster, registry)) {
      URI address = address(application);
      awaitReady(address);
      int startLines = application.log().split("\n").length;
      producer.produce(100, FEATURES);
      awaitMetric(address, "attribution_last_commit_timestamp_seconds", value -> value > 1e9);
      awaitMetric(address, "attribution_lag_records", value -> value == 0);

      second.stop();
      cluster.kafka.stop();
      awaitProblem(address, "brokers: no good answer for");
      awaitMetric(address, "attribution_lag_records", value -> value.isNaN());
      assertThat(metric(address, "attribution_ready")).isZero();
      assertThat(get(address, "/health/live").statusCode()).isEqualTo(200);
      // Long enough for every client to have said all that it has to say.
      Thread.sleep(60_000);
      cluster.kafka.startAgain();
      second.startAgain();
      awaitReady(address);
      awaitMetric(address, "attribution_lag_records", value -> value == 0);

      second.stop();
      awaitProblem(
          address,
          "attributions.alerts-0 has 1 of the 2 in-sync replicas without which brokers refuse to write");
      producer.produce(100, FEATURES);
      awaitProblem(address, "commits: records wait, and none was committed for");
      assertThat(metric(address, "attribution_lag_records")).isEqualTo(100);
      assertThat(metric(address, "attribution_commit_wait_seconds")).isGreaterThan(20);
      second.startAgain();
      awaitReady(address);
      awaitMetric(address, "attribution_lag_records", value -> value == 0);

      List<String> ofBrokers = application.log().lines().skip(startLines).toList();

      List<byte[]> newer =
          Example.DIGITS.rows(NEWER).stream()
              .map(row -> values.newer(row, Optional.empty(), Optional.empty()))
              .toList();
      registry.set(RegistryMode.DOWN);
      // Stream threads fail, one after the other, for as long as they do not find the schema.
      producer.produceValues(newer);
      awaitProblem(address, "schema registry: no good answer for");
      registry.set(RegistryMode.ERROR_500);
      awaitProblem(address, "schema registry: .*\\b500");
      registry.set(RegistryMode.HTML);
      awaitProblem(address, "schema registry: .*(no JSON|Unexpected character)");
      registry.set(RegistryMode.OK);
      awaitReady(address);
      double answered = metric(address, "attribution_registry_last_answer_timestamp_seconds");
      registry.set(RegistryMode.HANGING);
      awaitProblem(address, "schema registry: no good answer for");
      assertThat(metric(address, "attribution_registry_last_answer_timestamp_seconds"))
          .isBetween(answered, answered + 30);
      registry.set(RegistryMode.OK);
      awaitReady(address);

      assertThat(get(address, "/health/live").statusCode()).isEqualTo(200);
      assertFewLines(ofBrokers);
      assertFewLines(application.log().lines().skip((long) startLines + ofBrokers.size()).toList());
      application.stop();
      assertThat(Deliveries.readToEnd(cluster, cluster.topics.reduced()).positions())
          .isEqualTo(200 + NEWER);
    }
  }

  private AppProcess start(Cluster cluster, RegistryProxy registry) throws Exception {
    TwoBrokers.createTopics(cluster.kafka, cluster.allTopics(), List.of(cluster.topics.alerts()));
    Endpoints endpoints = new Endpoints(cluster.kafka.bootstrapServers(), registry.url());
    return AppProcess.runAsUsersDo(
        endpoints.settings(Example.DIGITS.bundle().toString(), "http.port", "0"), directory);
  }

  private static URI address(AppProcess application) throws Exception {
    long deadline = System.nanoTime() + REPAIRED.toNanos();
    while (System.nanoTime() < deadline) {
      Matcher found = ADDRESS.matcher(application.log());
      if (found.find()) {
        return URI.create(found.group(1));
      }
      Thread.sleep(200);
    }
    throw new AssertionError("it has no address: " + application.log());
  }

  private void awaitReady(URI address) throws Exception {
    await(REPAIRED, () -> readiness(address), answer -> answer.startsWith("200 "));
  }

  /**
   * @param problem a regular expression
   */
  private void awaitProblem(URI address, String problem) throws Exception {
    Pattern wanted = Pattern.compile(problem);
    String answer =
        await(PROMISED, () -> readiness(address), found -> wanted.matcher(found).find());
    assertThat(answer).startsWith("503 ").contains("DOWN");
    JsonNode operations = JSON.readTree(get(address, "/api/v1/operations").body());
    assertThat(operations.get("problems").toString()).containsPattern(wanted);
  }

  private String readiness(URI address) throws Exception {
    HttpResponse<String> answer = get(address, "/health/ready");
    return answer.statusCode() + " " + answer.body();
  }

  private void awaitMetric(URI address, String name, Predicate<Double> wanted) throws Exception {
    await(REPAIRED, () -> metric(address, name), wanted);
  }

  private double metric(URI address, String name) throws Exception {
    return get(address, "/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow();
  }

  private interface Question<T> {
    T ask() throws Exception;
  }

  private static <T> T await(Duration timeout, Question<T> question, Predicate<T> wanted)
      throws Exception {
    long deadline = System.nanoTime() + timeout.toNanos();
    T answer = question.ask();
    while (!wanted.test(answer)) {
      assertThat(System.nanoTime()).as("still %s", answer).isLessThan(deadline);
      Thread.sleep(250);
      answer = question.ask();
    }
    return answer;
  }

  private HttpResponse<String> get(URI address, String path)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(address.resolve(path)).build(), BodyHandlers.ofString());
  }

  /**
   * In every minute of an outage; a line without a time belongs to the one before it, and counts as
   * well.
   */
  private static void assertFewLines(List<String> lines) {
    Deque<LocalTime> minute = new ArrayDeque<>();
    LocalTime now = LocalTime.MIN;
    for (String line : lines) {
      Matcher time = TIMED.matcher(line);
      now = time.find() ? LocalTime.parse(time.group()) : now;
      minute.add(now);
      while (Duration.between(minute.element(), now).toSeconds() >= 60) {
        minute.remove();
      }
      assertThat(minute)
          .as("lines up to: %s\n%s", line, String.join("\n", lines))
          .hasSizeLessThanOrEqualTo(LINES_A_MINUTE);
    }
  }
}
