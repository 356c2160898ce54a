package io.attribution.demo;

import io.attribution.terminal.Line;
import io.attribution.terminal.Style;
import io.attribution.topology.Topics;
import java.util.List;

/** How to look at the topics with tools that know nothing of this project. */
final class HowToRead {
  private HowToRead() {}

  /**
   * @param example the example's name
   */
  static List<Line> lines(String kafka, String registry, Topics topics, String example) {
    return List.of(
        Line.EMPTY,
        Line.of(Style.BOLD, "Kafka " + kafka + " and Schema Registry " + registry)
            .add(" stay up until Ctrl-C."),
        Line.EMPTY,
        Line.of("Read explanations (kcat, or the script in tools, or Confluent's consumer):"),
        command("kcat -C -b %s -r %s -s value=avro \\", kafka, registry),
        command("    -t %s -o beginning -c 3", topics.reduced()),
        command("python tools/read_topics.py --bootstrap %s --registry %s \\", kafka, registry),
        command("    --topics %s --max-records 3", topics.projected()),
        command("kafka-avro-console-consumer --bootstrap-server %s \\", kafka),
        command("    --property schema.registry.url=%s --from-beginning \\", registry),
        command("    --isolation-level read_committed --topic %s", topics.verification()),
        Line.EMPTY,
        Line.of("Read dead letters with the reasons in their headers:"),
        command("kafka-console-consumer.sh --bootstrap-server %s --from-beginning \\", kafka),
        command("    --property print.headers=true --topic %s", topics.deadLetter()),
        Line.EMPTY,
        Line.of("Send records; the topology explains them:"),
        command("./attribution produce --bootstrap-servers %s --registry %s \\", kafka, registry),
        command("    --bundle examples/%s/bundle --input examples/%s/data.csv", example, example));
  }

  private static Line command(String format, Object... values) {
    return Line.of("  " + String.format(java.util.Locale.ROOT, format, values));
  }
}
