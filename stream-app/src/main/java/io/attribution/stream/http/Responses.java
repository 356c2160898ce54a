package io.attribution.stream.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.attribution.stream.json.Json;
import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.eclipse.jetty.ee10.servlet.HttpOutput;
import org.eclipse.jetty.http.QuotedQualityCSV;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;

/** How responses are sent. No thread waits for a client that reads slowly. */
final class Responses {
  static final String JSON = "application/json";

  /** Smaller ones fit into one packet. */
  private static final int COMPRESSED_BYTES = 1500;

  /** How long a client may take to read a response, besides the time for its bytes. */
  private static final long READ_MILLIS = 30_000;

  private static final long READ_BYTES_PER_MILLI = 128;

  /** The usual one takes twice as long for a few percent. */
  private static final int GZIP_LEVEL = 4;

  private Responses() {}

  static void json(Context context, JsonNode document) {
    json(context, Json.bytes(document));
  }

  static void json(Context context, byte[] document) {
    context.contentType(JSON).result(document);
  }

  /**
   * Sends the result of a request, after its handlers. A servlet's own writing would hold a thread
   * for as long as the client does not read.
   */
  static void send(Context context) throws IOException {
    InputStream result = context.resultInputStream();
    if (result != null) {
      byte[] document = result.readAllBytes();
      // Nothing is left for Javalin to write.
      context.result("").future(() -> send(context, document));
    }
  }

  /**
   * Jetty's minimum rate of responses has no effect on servlets, so a deadline ends those that
   * nobody reads.
   *
   * @return done when the client has it, or has gone
   */
  private static CompletableFuture<Void> send(Context context, byte[] document) {
    byte[] body = isCompressed(context, document) ? gzip(context, document) : document;
    EndPoint socket = Requests.socket(context);
    Callback.Completable sent = new Callback.Completable();
    try {
      ((HttpOutput) context.res().getOutputStream()).sendContent(ByteBuffer.wrap(body), sent);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return sent.orTimeout(READ_MILLIS + body.length / READ_BYTES_PER_MILLI, TimeUnit.MILLISECONDS)
        .exceptionally(
            failure -> {
              socket.close();
              return null;
            });
  }

  private static boolean isCompressed(Context context, byte[] document) {
    return document.length >= COMPRESSED_BYTES && acceptsGzip(context);
  }

  private static boolean acceptsGzip(Context context) {
    context.header("Vary", "Accept-Encoding");
    QuotedQualityCSV encodings = new QuotedQualityCSV();
    Optional.ofNullable(context.header("Accept-Encoding")).ifPresent(encodings::addValue);
    return encodings.getValues().stream()
        .anyMatch(encoding -> encoding.equalsIgnoreCase("gzip") || encoding.equals("*"));
  }

  private static byte[] gzip(Context context, byte[] document) {
    context.header("Content-Encoding", "gzip");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream gzip = new FastGzip(bytes)) {
      gzip.write(document);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static final class FastGzip extends GZIPOutputStream {
    FastGzip(OutputStream out) throws IOException {
      super(out);
      def.setLevel(GZIP_LEVEL);
    }
  }

  static void error(Context context, int status, String message) {
    error(context, status, message, Optional.empty());
  }

  /**
   * @param reason a dead letter's label
   */
  static void error(Context context, int status, String message, Optional<String> reason) {
    ObjectNode document = error(message);
    reason.ifPresent(label -> document.put("reason", label));
    json(context.status(status), document);
  }

  /** The document of every error. */
  static ObjectNode error(String message) {
    return Json.object().put("error", message);
  }
}
