package io.attribution.stream.webhook;

import io.attribution.stream.config.WebhookConfig;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A receiver at the end of an HTTP connection. */
final class HttpReceiver implements Receiver {
  private final HttpClient client;
  private final HttpRequest.Builder request;
  private final Duration timeout;
  private final Clock clock;

  HttpReceiver(URI url, WebhookConfig config, Clock clock) {
    this.timeout = config.timeout();
    this.clock = clock;
    // Not HTTP/2: over plain connections it needs an upgrade request, which some receivers refuse.
    // No redirects: they would send the secret to another address.
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timeout)
            .build();
    this.request =
        HttpRequest.newBuilder(url)
            .timeout(timeout)
            .header("Content-Type", AlertEvent.MEDIA_TYPE)
            .header("User-Agent", "attribution-streams");
    config.secret().ifPresent(secret -> request.setHeader(secret.name(), secret.value().value()));
  }

  @Override
  public CompletableFuture<Reply> post(byte[] event) {
    CompletableFuture<HttpResponse<Void>> exchange =
        client.sendAsync(
            request.copy().POST(BodyPublishers.ofByteArray(event)).build(),
            BodyHandlers.discarding());
    CompletableFuture<Reply> reply =
        exchange
            .thenApply(this::reply)
            // The request's own timeout covers the headers only; a body may never end.
            .orTimeout(timeout.multipliedBy(2).toMillis(), TimeUnit.MILLISECONDS)
            .exceptionally(HttpReceiver::failed);
    // Also when the caller cancels the reply.
    var unused = reply.whenComplete((result, error) -> exchange.cancel(true));
    return reply;
  }

  private Reply reply(HttpResponse<Void> response) {
    return Reply.of(response.statusCode(), response.headers().firstValue("Retry-After"), clock);
  }

  private static Reply failed(Throwable error) {
    Throwable cause =
        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    return Reply.failed(
        cause instanceof TimeoutException ? "timeout: no response" : String.valueOf(cause));
  }
}
