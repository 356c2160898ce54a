package io.attribution.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The registry's answers, byte by byte, where Confluent documents them. */
final class LocalRegistryRestTest {
  private static final String INT_SCHEMA = "{\"schema\":\"\\\"int\\\"\"}";
  private static final String STRING_SCHEMA = "{\"schema\":\"\\\"string\\\"\"}";

  private final LocalRegistry registry = LocalRegistry.start();

  @BeforeEach
  void registerOneSchema() throws Exception {
    assertThat(call("POST", "/subjects/s/versions", INT_SCHEMA).body()).isEqualTo("{\"id\":1}");
  }

  @AfterEach
  void close() {
    registry.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '#',
      value = {
        "/subjects                        | ['s']",
        "/subjects/s/versions             | [1]",
        "/subjects/s/versions/1           | {'subject':'s','version':1,'id':1,'schema':'\\'int\\''}",
        "/subjects/s/versions/latest      | {'subject':'s','version':1,'id':1,'schema':'\\'int\\''}",
        "/subjects/s/versions/-1          | {'subject':'s','version':1,'id':1,'schema':'\\'int\\''}",
        "/schemas/ids/1                   | {'schema':'\\'int\\''}",
        "/schemas/ids/1?fetchMaxId=false  | {'schema':'\\'int\\''}",
        "/schemas/ids/1/versions          | [{'subject':'s','version':1}]",
        "/schemas/types                   | ['AVRO']",
        "/config                          | {'compatibilityLevel':'BACKWARD'}",
        "/config/s?defaultToGlobal=true   | {'compatibilityLevel':'BACKWARD'}",
      })
  void answersWithConfluentsJson(String path, String json) throws Exception {
    RestCall answer = call("GET", path, "");

    assertThat(answer.body()).isEqualTo(json.replace('\'', '"'));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.contentType()).isEqualTo("application/vnd.schemaregistry.v1+json");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET    | /subjects/none/versions        | 404 | 40401",
        "GET    | /subjects/s/versions/2         | 404 | 40402",
        "GET    | /schemas/ids/9                 | 404 | 40403",
        "GET    | /config/s                      | 404 | 40408",
        "GET    | /subjects/s/versions/0         | 422 | 42202",
        "GET    | /subjects/s/versions/first     | 422 | 42202",
        "GET    | /nowhere                       | 404 | 404",
        "GET    | /schemas/ids/one               | 404 | 404",
        "DELETE | /subjects/s                    | 405 | 405",
        "POST   | /subjects/s/versions           | 400 | 400",
        "PUT    | /config                        | 400 | 400",
      })
  void refusesWithConfluentsCodes(String method, String path, int status, int code)
      throws Exception {
    RestCall answer = call(method, path, method.equals("GET") ? "" : "no json");

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.body()).startsWith("{\"error_code\":" + code + ",\"message\":\"");
  }

  @Test
  void refusesAnUnknownCompatibilityLevel() throws Exception {
    RestCall answer = call("PUT", "/config", "{\"compatibility\":\"SIDEWAYS\"}");

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.body()).contains("42203");
  }

  @Test
  void confirmsACompatibilityLevel() throws Exception {
    assertThat(call("PUT", "/config/s", "{\"compatibility\":\"FULL\"}").body())
        .isEqualTo("{\"compatibility\":\"FULL\"}");
    assertThat(call("PUT", "/config", "{\"compatibility\":\"NONE\"}").body())
        .isEqualTo("{\"compatibility\":\"NONE\"}");
    assertThat(call("GET", "/config/s", "").body()).isEqualTo("{\"compatibilityLevel\":\"FULL\"}");
    assertThat(call("GET", "/config", "").body()).isEqualTo("{\"compatibilityLevel\":\"NONE\"}");
  }

  @Test
  void saysWhyASchemaDoesNotFitWhereAsked() throws Exception {
    String path = "/compatibility/subjects/s/versions/latest";

    assertThat(call("POST", path, STRING_SCHEMA).body()).isEqualTo("{\"is_compatible\":false}");
    assertThat(call("POST", path + "?verbose=true", STRING_SCHEMA).body())
        .startsWith("{\"is_compatible\":false,\"messages\":[")
        .contains("TYPE_MISMATCH");
  }

  @Test
  void checksASchemaAgainstTheVersionNamedAndAgainstAll() throws Exception {
    call("PUT", "/config/s", "{\"compatibility\":\"NONE\"}");
    call("POST", "/subjects/s/versions", STRING_SCHEMA);
    call("PUT", "/config/s", "{\"compatibility\":\"BACKWARD_TRANSITIVE\"}");

    assertThat(fits("/compatibility/subjects/s/versions/2")).isTrue();
    assertThat(fits("/compatibility/subjects/s/versions/1")).isFalse();
    assertThat(fits("/compatibility/subjects/s/versions")).isFalse();
  }

  @Test
  void normalizesWhereAsked() throws Exception {
    String unordered = "{'schema':'{@'type@':@'int@',@'b@':1,@'a@':2}'}";
    String body = unordered.replace("@", "\\").replace('\'', '"');

    call("POST", "/subjects/plain/versions", body);
    call("POST", "/subjects/normal/versions?normalize=True", body);

    assertThat(call("GET", "/subjects/plain/versions/1", "").body()).contains("\"b\\\":1,");
    assertThat(call("GET", "/subjects/normal/versions/1", "").body()).contains("\"a\\\":2,");
  }

  @Test
  void readsPathsAsUtf8() throws Exception {
    call("POST", "/subjects/caf%C3%A9/versions", INT_SCHEMA);

    assertThat(call("GET", "/subjects", "").body()).isEqualTo("[\"caf\u00e9\",\"s\"]");
  }

  private boolean fits(String path) throws IOException, InterruptedException {
    return call("POST", path, STRING_SCHEMA).body().contains("true");
  }

  private RestCall call(String method, String path, String body)
      throws IOException, InterruptedException {
    return RestCall.of(method, registry.url() + path, body);
  }
}
