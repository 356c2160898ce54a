package io.attribution.stream.config;

import java.util.Map;

/**
 * The application's settings, one record per concern.
 *
 * @param models which bundles explain the records
 * @param topics where records come from and go to
 * @param outputs which explanations are published
 * @param batch when a batch is computed
 * @param drift when explanations no longer count as trustworthy
 * @param http the HTTP server
 * @param webhook where alerts are posted
 * @param log how the log is written
 * @param kafka settings of Kafka's own clients, passed on as they are
 * @param registry settings of the Schema Registry client, passed on as they are
 */
public record AppConfig(
    ModelsConfig models,
    TopicsConfig topics,
    OutputsConfig outputs,
    BatchConfig batch,
    DriftConfig drift,
    HttpConfig http,
    WebhookConfig webhook,
    LogConfig log,
    Map<String, String> kafka,
    Map<String, String> registry) {}
