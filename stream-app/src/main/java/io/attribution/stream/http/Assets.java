package io.attribution.stream.http;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/** The one file of the chart library that the dashboard needs, at a path without its version. */
final class Assets {
  static final String DASHBOARD = "/dashboard";
  static final String ECHARTS = "/webjars/echarts/{file}";
  private static final String DAY = "public, max-age=86400";
  private static final Map<String, String> FILES =
      Map.of("echarts.min.js", "/META-INF/resources/webjars/echarts/5.3.1/dist/echarts.min.js");

  private Assets() {}

  static void echarts(Context context) {
    String resource = FILES.get(context.pathParam("file"));
    if (resource == null) {
      throw HttpProblem.notFound("no such file; available: " + String.join(", ", FILES.keySet()));
    }
    context.header("Cache-Control", DAY).contentType("text/javascript; charset=utf-8");
    context.result(open(resource));
  }

  static boolean hasDashboard() {
    return isPage("/index.html");
  }

  /** Whether the dashboard has a file of this path. */
  static boolean isPage(String path) {
    String file = path.equals("/") ? "/index.html" : path;
    return !file.endsWith("/") && Assets.class.getResource(DASHBOARD + file) != null;
  }

  /** A text resource of this application. */
  static byte[] read(String resource) {
    try (InputStream in = open(resource)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(resource, e);
    }
  }

  private static InputStream open(String resource) {
    InputStream in = Assets.class.getResourceAsStream(resource);
    if (in == null) {
      throw new IllegalStateException("the classpath lacks " + resource);
    }
    return in;
  }
}
