package io.attribution.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RegistryProxyTest {
  private final LocalRegistry registry = LocalRegistry.start();
  private final HttpClient client = HttpClient.newHttpClient();
  private RegistryProxy proxy;

  @BeforeEach
  void start() throws IOException {
    proxy = RegistryProxy.start(registry.url());
  }

  @AfterEach
  void close() throws IOException {
    proxy.close();
    registry.close();
  }

  @Test
  void passesOnBothWays() throws Exception {
    HttpResponse<String> registered =
        client.send(
            request("/subjects/s/versions")
                .POST(HttpRequest.BodyPublishers.ofString("{\"schema\":\"\\\"int\\\"\"}"))
                .build(),
            BodyHandlers.ofString());

    assertThat(registered.statusCode()).as(registered.body()).isEqualTo(200);
    assertThat(get("/subjects").body()).isEqualTo("[\"s\"]");
    assertThat(get("/schemas/ids/99").statusCode()).isEqualTo(404);
  }

  @Test
  void refusesConnectionsWhileItIsDownAndServesAgain() throws Exception {
    proxy.set(RegistryMode.DOWN);

    assertThatThrownBy(() -> get("/subjects")).isInstanceOf(ConnectException.class);
    proxy.set(RegistryMode.OK);
    assertThat(get("/subjects").statusCode()).isEqualTo(200);
  }

  @Test
  void neverAnswersWhileItHangs() throws Exception {
    proxy.set(RegistryMode.HANGING);

    HttpRequest impatient = request("/subjects").timeout(Duration.ofSeconds(2)).GET().build();
    assertThatThrownBy(() -> client.send(impatient, BodyHandlers.ofString()))
        .isInstanceOf(HttpTimeoutException.class);
    proxy.set(RegistryMode.OK);
    assertThat(get("/subjects").statusCode()).isEqualTo(200);
  }

  @Test
  void answersWhatABrokenOrProtectedRegistryAnswers() throws Exception {
    proxy.set(RegistryMode.ERROR_500);
    assertThat(get("/subjects").statusCode()).isEqualTo(500);
    proxy.set(RegistryMode.UNAUTHORIZED);
    assertThat(get("/subjects").statusCode()).isEqualTo(401);
    proxy.set(RegistryMode.HTML);
    assertThat(get("/subjects").body()).contains("<html>");
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(request(path).GET().build(), BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(proxy.url() + path))
        .header("Content-Type", "application/json")
        .timeout(Duration.ofSeconds(60));
  }
}
