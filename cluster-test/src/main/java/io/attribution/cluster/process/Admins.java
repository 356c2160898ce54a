package io.attribution.cluster.process;

import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListTopicsOptions;

/** Clients that watch a cluster whose brokers fail. */
final class Admins {
  /** The internal topics, too. */
  static final ListTopicsOptions ALL_TOPICS = new ListTopicsOptions().listInternal(true);

  private Admins() {}

  static Admin create(String bootstrapServers) {
    return Admin.create(
        Map.<String, Object>of(
            AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers,
            AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
            2_000,
            AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
            5_000,
            AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
            500));
  }
}
