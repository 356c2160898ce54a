package io.attribution.stream.cli;

import io.attribution.stream.app.RequiredAcls;
import io.attribution.stream.config.AppConfig;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.streams.StreamsConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Kafka's own commands that give a principal the rights it needs. */
@Command(
    name = "acls",
    description = {
      "Prints the kafka-acls commands that give a principal the rights which a command needs, and"
          + " no more. Connects to nothing.",
      "",
      "With a configuration of kafka-acls' own: add --command-config FILE to each line."
    },
    footer = {
      "  attribution topics acls --config my.properties --principal User:attribution",
      "  attribution topics acls --config my.properties --principal User:feeder --for produce"
    })
final class AclsCommand implements Runnable {
  private static final Pattern PRINCIPAL = Pattern.compile("[A-Za-z]+:.+");

  /** The commands that talk to Kafka. */
  enum Wanted {
    RUN,
    CREATE,
    PRODUCE
  }

  @Spec private CommandSpec spec;
  @Mixin private ConfigOptions options = new ConfigOptions();

  @Option(
      names = "--principal",
      required = true,
      paramLabel = "TYPE:NAME",
      description = "Who gets the rights, such as User:attribution.")
  private String principal;

  @Option(
      names = "--for",
      paramLabel = "COMMAND",
      defaultValue = "RUN",
      description =
          "run, create (topics create) or produce. Default: run. produce is also what a producer of"
              + " your own needs.")
  private Wanted wanted;

  @Override
  public void run() {
    if (!PRINCIPAL.matcher(principal).matches()) {
      throw new ParameterException(
          spec.commandLine(),
          "Invalid value for option '--principal': '"
              + principal
              + "' is not like User:attribution");
    }
    AppConfig config = options.load();
    String servers =
        config.kafka().getOrDefault(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "localhost:9092");
    PrintWriter out = spec.commandLine().getOut();
    byResource(bindings(config))
        .forEach((resource, all) -> out.println(line(servers, resource, all)));
    out.flush();
  }

  private List<AclBinding> bindings(AppConfig config) {
    return switch (wanted) {
      case RUN -> RequiredAcls.ofRun(principal, config);
      case CREATE -> RequiredAcls.ofCreate(principal, config);
      case PRODUCE -> RequiredAcls.ofProduce(principal, config);
    };
  }

  private static Map<ResourcePattern, List<AclBinding>> byResource(List<AclBinding> bindings) {
    return bindings.stream()
        .collect(
            Collectors.groupingBy(AclBinding::pattern, LinkedHashMap::new, Collectors.toList()));
  }

  private String line(String servers, ResourcePattern resource, List<AclBinding> bindings) {
    String operations =
        bindings.stream()
            .map(binding -> " --operation " + name(binding.entry().operation()))
            .distinct()
            .collect(Collectors.joining());
    return "kafka-acls.sh --bootstrap-server "
        + servers
        + " --add --allow-principal "
        + quoted(principal)
        + operations
        + option(resource.resourceType())
        + quoted(resource.name())
        + (resource.patternType() == PatternType.PREFIXED
            ? " --resource-pattern-type prefixed"
            : "");
  }

  /** As the tool wants it: DescribeConfigs. */
  private static String name(AclOperation operation) {
    return Arrays.stream(operation.name().split("_"))
        .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
        .collect(Collectors.joining());
  }

  private static String option(ResourceType type) {
    return switch (type) {
      case GROUP -> " --group ";
      case TRANSACTIONAL_ID -> " --transactional-id ";
      default -> " --topic ";
    };
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
