package io.attribution.stream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.local.CommittedRecords;
import io.attribution.local.EmbeddedKafka;
import io.attribution.local.LocalRegistry;
import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProduceCommandIT {
  private static final String WDBC = "../examples/wdbc/bundle";

  private static EmbeddedKafka kafka;
  private static LocalRegistry registry;

  @TempDir Path directory;

  @BeforeAll
  static void start() {
    kafka = EmbeddedKafka.start();
    registry = LocalRegistry.start();
  }

  @AfterAll
  static void stop() {
    registry.close();
    kafka.close();
  }

  @Test
  void sendsRowsThatTheGenuineDeserializerReads() {
    kafka.createTopic("wdbc", 1);

    CommandRun run =
        produce("wdbc", Path.of("../examples/wdbc/data.csv"), "--bundle", WDBC, "--model", "wdbc");

    assertThat(run.err()).isEmpty();
    assertThat(run.exit()).isZero();
    assertThat(run.out()).matches("569 records on topic wdbc in [0-9.]+ s \\([0-9,]+/s\\)\\R");
    List<ConsumerRecord<byte[], byte[]>> records = read("wdbc", 569);
    assertThat(records).hasSize(569);
    GenericRecord last = value(records.get(568));
    assertThat(records.get(568).key()).isEqualTo("568".getBytes(StandardCharsets.UTF_8));
    assertThat(last.get("recordId")).hasToString("568");
    assertThat(last.get("model")).hasToString("wdbc");
    assertThat(features(last)).hasSize(30).startsWith(7.76f, 24.54f);
  }

  @Test
  void putsColumnsIntoTheBundlesOrder() throws IOException {
    kafka.createTopic("shuffled", 1);
    List<String> lines = Files.readAllLines(Path.of("../examples/wdbc/data.csv")).subList(0, 3);
    Path file =
        Files.write(
            directory.resolve("shuffled.csv"),
            lines.stream().map(ProduceCommandIT::firstColumnLast).toList());

    CommandRun run = produce("shuffled", file, "--bundle", WDBC, "--loop", "--records", "5");

    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(read("shuffled", 5))
        .extracting(record -> new String(record.key(), StandardCharsets.UTF_8))
        .containsExactly("0", "1", "0", "1", "0");
    assertThat(features(value(read("shuffled", 5).get(0)))).startsWith(17.99f);
  }

  private static String firstColumnLast(String line) {
    int comma = line.indexOf(',');
    return line.substring(comma + 1) + "," + line.substring(0, comma);
  }

  @Test
  void takesKeysAndIdsFromColumns() throws IOException {
    kafka.createTopic("keys", 1);
    Path file = Files.writeString(directory.resolve("rows.csv"), "user,order,a,b\nann,o-1,1,2\n");

    CommandRun run = produce("keys", file, "--key-column", "user", "--id-column", "order");

    assertThat(run.exit()).as(run.err()).isZero();
    ConsumerRecord<byte[], byte[]> record = read("keys", 1).get(0);
    assertThat(record.key()).isEqualTo("ann".getBytes(StandardCharsets.UTF_8));
    assertThat(value(record).get("recordId")).hasToString("o-1");
    assertThat(value(record).get("model")).isNull();
    assertThat(features(value(record))).isEqualTo(List.of(1f, 2f));
  }

  @Test
  void keepsTheRate() throws IOException {
    kafka.createTopic("paced", 1);
    Path file = Files.writeString(directory.resolve("rows.csv"), "a\n1\n");

    CommandRun run = produce("paced", file, "--loop", "--records", "101", "--rate", "50/s");

    assertThat(run.exit()).as(run.err()).isZero();
    List<ConsumerRecord<byte[], byte[]>> records = read("paced", 101);
    // 2 s and 1 s; the first record waits for the registry, and the next ones catch up a little.
    assertThat(records.get(100).timestamp() - records.get(0).timestamp()).isBetween(1900L, 4000L);
    assertThat(records.get(50).timestamp() - records.get(0).timestamp()).isBetween(900L, 2500L);
  }

  @Test
  void saysWhichRowIsDamagedAndHowManyWereSent() throws IOException {
    kafka.createTopic("damaged", 1);
    Path file = Files.writeString(directory.resolve("rows.csv"), "a\n1\n2\nx\n4\n");

    CommandRun run = produce("damaged", file);

    assertThat(run.exit()).isEqualTo(4);
    assertThat(run.err())
        .endsWith(
            "line 4: column 'a': 'x' is not a finite decimal number; the 2 rows before it were"
                + " sent"
                + System.lineSeparator());
    assertThat(read("damaged", 2)).hasSize(2);
  }

  @Test
  void refusesAFileThatDoesNotFitTheBundle() throws IOException {
    Path file = Files.writeString(directory.resolve("rows.csv"), "a\n1\n");

    CommandRun run = produce("features", file, "--bundle", WDBC);

    assertThat(run.exit()).isEqualTo(4);
    assertThat(run.err()).contains("column 'a' is not a feature of the bundle").hasLineCount(1);
  }

  @Test
  void endsWithOneLineWhereTheTopicIsMissing() throws IOException {
    Path file = Files.writeString(directory.resolve("rows.csv"), "a\n1\n");

    CommandRun run = produce("nowhere", file, "--property", "max.block.ms=1000");

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err())
        .hasLineCount(1)
        .contains("topic nowhere on " + kafka.bootstrapServers())
        .contains("does the topic exist?");
  }

  @Test
  void noticesThatTheBrokerRefusesARecord() throws IOException {
    kafka.createTopic("small", 1, Map.of("max.message.bytes", "100"));
    String columns = "a".repeat(9) + "1";
    Path file = Files.writeString(directory.resolve("rows.csv"), wide(columns, 200));

    CommandRun run = produce("small", file, "--property", "compression.type=none");

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).hasLineCount(1).contains("topic small").contains("larger than");
  }

  private static String wide(String name, int columns) {
    StringBuilder header = new StringBuilder(name);
    StringBuilder row = new StringBuilder("0");
    for (int i = 1; i < columns; i++) {
      header.append(',').append(name).append(i);
      row.append(',').append(i);
    }
    return header + "\n" + row + "\n";
  }

  @Test
  void endsWithOneLineWhereTheRegistryIsAway() throws IOException {
    kafka.createTopic("unregistered", 1);
    Path file = Files.writeString(directory.resolve("rows.csv"), "a\n1\n");
    String gone = "http://127.0.0.1:1";

    CommandRun run =
        CommandRun.of(
            "produce",
            "--bootstrap-servers",
            kafka.bootstrapServers(),
            "--registry",
            gone,
            "--topic",
            "unregistered",
            "--input",
            file);

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).hasLineCount(1).contains("schema registry " + gone + ": ");
  }

  @Test
  void refusesUnknownSettings() throws IOException {
    Path file = Files.writeString(directory.resolve("rows.csv"), "a\n1\n");

    CommandRun run = produce("features", file, "--property", "securty.protocol=SSL");

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).contains("'--property': securty.protocol is no setting of");
  }

  private static CommandRun produce(String topic, Path file, String... more) {
    List<Object> args =
        new ArrayList<>(
            List.of(
                "produce",
                "--bootstrap-servers",
                kafka.bootstrapServers(),
                "--registry",
                registry.url(),
                "--topic",
                topic,
                "--input",
                file));
    args.addAll(List.of(more));
    return CommandRun.of(args.toArray());
  }

  private static GenericRecord value(ConsumerRecord<byte[], byte[]> record) {
    try (KafkaAvroDeserializer avro = new KafkaAvroDeserializer()) {
      avro.configure(Map.of("schema.registry.url", registry.url()), false);
      return (GenericRecord) avro.deserialize(record.topic(), record.value());
    }
  }

  private static List<Object> features(GenericRecord value) {
    return new ArrayList<>((List<?>) value.get("features"));
  }

  private static List<ConsumerRecord<byte[], byte[]>> read(String topic, int expected) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (var committed = CommittedRecords.bytes(kafka.bootstrapServers(), topic)) {
      committed.readToEnd(records::add);
    }
    assertThat(records).hasSize(expected);
    return records;
  }
}
