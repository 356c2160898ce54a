package io.attribution.stream.app;

import io.attribution.stream.config.AppConfig;
import io.attribution.stream.config.OutputsConfig;
import io.attribution.stream.topics.Topics;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.streams.StreamsConfig;

/**
 * The rights on the cluster that a principal needs, and no more: tested with a broker that refuses
 * everything else.
 */
public final class RequiredAcls {
  private final String principal;
  private final AppConfig config;
  private final Topics topics;
  private final List<AclBinding> bindings = new ArrayList<>();

  private RequiredAcls(String principal, AppConfig config) {
    this.principal = principal;
    this.config = config;
    this.topics = config.topics().names();
  }

  /** What {@code run} needs with this configuration. */
  public static List<AclBinding> ofRun(String principal, AppConfig config) {
    RequiredAcls acls = new RequiredAcls(principal, config);
    acls.group();
    acls.streams();
    acls.outputs();
    acls.readers();
    return List.copyOf(acls.bindings);
  }

  /** What {@code topics create} needs. */
  public static List<AclBinding> ofCreate(String principal, AppConfig config) {
    RequiredAcls acls = new RequiredAcls(principal, config);
    for (String topic : TopicPlan.names(config)) {
      acls.topic(topic, AclOperation.CREATE, AclOperation.DESCRIBE, AclOperation.DESCRIBE_CONFIGS);
    }
    return List.copyOf(acls.bindings);
  }

  /** What {@code produce} and your own producers need. */
  public static List<AclBinding> ofProduce(String principal, AppConfig config) {
    RequiredAcls acls = new RequiredAcls(principal, config);
    acls.topic(acls.topics.features(), AclOperation.WRITE);
    return List.copyOf(acls.bindings);
  }

  private static String application(AppConfig config) {
    return config
        .kafka()
        .getOrDefault(StreamsConfig.APPLICATION_ID_CONFIG, StreamsSettings.APPLICATION_ID);
  }

  private void group() {
    add(ResourceType.GROUP, application(config), PatternType.LITERAL, AclOperation.READ);
    if (config.webhook().url().isPresent()) {
      add(
          ResourceType.GROUP,
          AlertWebhook.group(application(config)),
          PatternType.LITERAL,
          AclOperation.READ);
    }
  }

  /** Changelogs, and the transactions of exactly-once. */
  private void streams() {
    String prefix = application(config) + "-";
    String guarantee = config.kafka().get(StreamsConfig.PROCESSING_GUARANTEE_CONFIG);
    if (!StreamsConfig.AT_LEAST_ONCE.equals(guarantee)) {
      add(ResourceType.TRANSACTIONAL_ID, prefix, PatternType.PREFIXED, AclOperation.WRITE);
    }
    for (AclOperation operation :
        List.of(AclOperation.CREATE, AclOperation.READ, AclOperation.WRITE)) {
      add(ResourceType.TOPIC, prefix, PatternType.PREFIXED, operation);
    }
  }

  private void outputs() {
    List<String> all = TopicPlan.names(config);
    topic(all.get(0), AclOperation.READ, AclOperation.DESCRIBE_CONFIGS);
    for (String output : all.subList(1, all.size())) {
      topic(output, AclOperation.WRITE, AclOperation.DESCRIBE_CONFIGS);
    }
  }

  /** The drift stage reads what was verified; the live view and the webhook what came of it. */
  private void readers() {
    boolean alerts = config.outputs().has(OutputsConfig.ALERTS);
    boolean live = config.http().isOn();
    if (config.outputs().has(OutputsConfig.VERIFICATION) && (alerts || live)) {
      topic(topics.verification(), AclOperation.READ);
    }
    if (alerts) {
      topic(topics.samples(), AclOperation.READ);
    }
    if (alerts && live) {
      topic(topics.windows(), AclOperation.READ);
    }
    if (alerts && (live || config.webhook().url().isPresent())) {
      topic(topics.alerts(), AclOperation.READ);
    }
  }

  private void topic(String name, AclOperation... operations) {
    for (AclOperation operation : operations) {
      add(ResourceType.TOPIC, name, PatternType.LITERAL, operation);
    }
  }

  private void add(ResourceType type, String name, PatternType pattern, AclOperation operation) {
    bindings.add(
        new AclBinding(
            new ResourcePattern(type, name, pattern),
            new AccessControlEntry(principal, "*", operation, AclPermissionType.ALLOW)));
  }
}
