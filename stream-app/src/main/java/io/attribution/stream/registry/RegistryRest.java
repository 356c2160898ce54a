package io.attribution.stream.registry;

import io.confluent.kafka.schemaregistry.client.rest.RestService;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URL;
import java.util.List;
import java.util.Map;

/** Requests that follow no redirect while they carry credentials: Java would pass them on. */
final class RegistryRest extends RestService {
  private final boolean followsRedirects;

  RegistryRest(List<String> addresses, boolean followsRedirects) {
    super(addresses);
    this.followsRedirects = followsRedirects;
  }

  @Override
  protected HttpURLConnection buildConnection(
      URL url, String method, Map<String, String> requestProperties) throws IOException {
    HttpURLConnection connection = super.buildConnection(url, method, requestProperties);
    connection.setInstanceFollowRedirects(followsRedirects);
    return connection;
  }
}
