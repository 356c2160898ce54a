package io.attribution.stream.registry;

import io.confluent.kafka.schemaregistry.client.security.bearerauth.BearerAuthCredentialProvider;
import java.net.URL;
import java.util.Map;

/** A user's own source of tokens. */
public final class OwnTokens implements BearerAuthCredentialProvider {
  @Override
  public String getBearerToken(URL url) {
    return "own";
  }

  @Override
  public String getTargetSchemaRegistry() {
    return "cluster";
  }

  @Override
  public String getTargetIdentityPoolId() {
    return "pool";
  }

  @Override
  public void configure(Map<String, ?> settings) {}
}
