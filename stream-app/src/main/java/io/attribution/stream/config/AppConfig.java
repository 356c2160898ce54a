package io.attribution.stream.config;

import java.util.Map;

/**
 * Everything the application is told, one record per concern.
 *
 * @param models which bundles explain the records
 * @param topics where records come from and go to
 * @param outputs which explanations are published
 * @param batch when a batch is computed
 * @param drift when explanations count as not trustworthy any more
 * @param http the HTTP server
 * @param webhook where alerts are posted to
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
    Map<String, String> kafka,
    Map<String, String> registry) {}
