package io.attribution.local;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;

/** What a registry answers to a plain HTTP request. */
record RestCall(int status, String contentType, String body) {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  static RestCall of(String method, String url, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .method(method, BodyPublishers.ofString(body))
            .header("Content-Type", "application/vnd.schemaregistry.v1+json")
            .build();
    var response = HTTP.send(request, BodyHandlers.ofString());
    String type = response.headers().firstValue("Content-Type").orElse("");
    return new RestCall(response.statusCode(), type, response.body());
  }
}
