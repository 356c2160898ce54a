package io.attribution.demo;

import io.attribution.stream.terminal.Line;
import io.attribution.stream.terminal.Style;
import io.attribution.stream.topics.Topics;
import java.util.List;
import java.util.Locale;

/** How to read the topics with ordinary Kafka tools. */
final class HowToRead {
  private HowToRead() {}

  /**
   * @param example the example's name
   */
  static List<Line> lines(String kafka, String registry, Topics topics, String example) {
    return List.of(
        Line.EMPTY,
        Line.of(Style.BOLD, "Kafka " + kafka + " and registry " + registry)
            .add(" run until Ctrl-C."),
        Line.EMPTY,
        Line.of("Explanations, with the script in tools or Confluent's console consumer:"),
        command("python tools/read_topics.py --bootstrap %s \\", kafka),
        command("    --registry %s --max-records 3 \\", registry),
        command("    --topics %s", topics.projected()),
        command("kafka-avro-console-consumer --bootstrap-server %s \\", kafka),
        command("    --property schema.registry.url=%s \\", registry),
        command("    --isolation-level read_committed --from-beginning \\"),
        command("    --topic %s", topics.reduced()),
        Line.EMPTY,
        Line.of("Verification metrics, with kcat (built with Avro support):"),
        command("kcat -C -b %s -r %s \\", kafka, registry),
        command("    -s value=avro -t %s -o beginning -e", topics.verification()),
        Line.EMPTY,
        Line.of("Dead letters, with any kcat or Kafka's console consumer:"),
        command("kcat -C -b %s -o beginning -e -f '%%k %%h\\n' \\", kafka),
        command("    -t %s", topics.deadLetter()),
        command("kafka-console-consumer.sh --bootstrap-server %s \\", kafka),
        command("    --property print.headers=true --from-beginning \\"),
        command("    --topic %s", topics.deadLetter()),
        Line.EMPTY,
        Line.of("To send more records to be explained:"),
        command("./attribution produce --bootstrap-servers %s \\", kafka),
        command("    --registry %s \\", registry),
        command("    --bundle examples/%s/bundle --input examples/%s/data.csv", example, example));
  }

  private static Line command(String format, Object... values) {
    return Line.of("  " + String.format(Locale.ROOT, format, values));
  }
}
