package io.attribution.stream.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExplainBodyTest {
  @Test
  void readsRowsAndTheModelInAnyOrder() throws IOException {
    ExplainBody.Parsed body = parse("{\"rows\":[[1,-2.5e-3],[3,4]],\"model\":\"m\"}");

    assertThat(body.model()).contains("m");
    assertThat(body.rows()).hasSize(2);
    assertThat(body.rows().get(0).values()).containsExactly(1f, -0.0025f);
    assertThat(parse("{\"model\":null,\"rows\":[]}").model()).isEmpty();
  }

  /** What Java's own parser takes the text for. */
  @Test
  void readsTheNearestFloat() throws IOException {
    List<String> values =
        List.of(
            "0.10000000149011612",
            "1.00000017881393432617187499",
            "16777217",
            "3.4028235e38",
            "1e-46");

    float[] row = parse("{\"rows\":[[" + String.join(",", values) + "]]}").rows().get(0).values();

    for (int i = 0; i < row.length; i++) {
      assertThat(row[i]).as(values.get(i)).isEqualTo(Float.parseFloat(values.get(i)));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[] | not a JSON object",
        "{} | no rows",
        "{\"rows\":1} | rows is not an array (line 1, column 9)",
        "{\"rows\":[1]} | row 0 is not an array",
        "{\"rows\":[[1],[2,\"x\"]]} | row 1, value 1 is not a number (line 1, column 17)",
        "{\"rows\":[[1,NaN]]} | not JSON",
        "{\"rows\":[[1] | not JSON: Unexpected end-of-input",
        "{\"rows\":[[-4.5e- | not JSON: a number is not complete (line 1, column",
        "{\"rows\":[[1e | not JSON",
        "{\"rows\":[[- | not JSON",
        "{\"rows\":[],\"model\":5} | model is not a string",
        "{\"rows\":[],\"modell\":5} | unknown field 'modell'; the fields are model and rows",
        "{\"rows\":[]}{} | the body continues",
        "{\"rows\":[[1]],\"rows\":[]} | the field 'rows' twice",
        "{\"model\":null,\"rows\":[],\"model\":\"m\"} | the field 'model' twice",
      })
  void saysWhatIsWrongAndWhere(String body, String message) {
    assertThatThrownBy(() -> parse(body))
        .isInstanceOf(HttpProblem.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("Source")
        .hasMessageNotContaining("Feature.")
        .extracting(e -> ((HttpProblem) e).status())
        .isEqualTo(400);
  }

  @Test
  void stopsAtTheFirstRowTooMany() {
    assertThatThrownBy(() -> parse("{\"rows\":[[1],[2],[3],[4"))
        .isInstanceOf(HttpProblem.class)
        .hasMessageContaining("more than 3 rows")
        .extracting(e -> ((HttpProblem) e).status())
        .isEqualTo(413);
  }

  @Test
  void keepsNoMoreOfARowThanAModelTakes() throws IOException {
    ExplainRow row = parse("{\"rows\":[[1,2,3,4,5,6,7,8,9]]}").rows().get(0);

    assertThat(row.values()).hasSize(5);
    assertThat(row.check(5).orElseThrow().detail()).contains("9 features");
  }

  @Test
  void takesNoMoreRowsThanThereIsMemoryFor() throws IOException {
    ClientShares.Share memory = new ClientShares(20).take("a", 0).orElseThrow();
    ExplainBody parser = new ExplainBody(new ExplainBody.Limits(9, 5, 1000), memory::grow);
    byte[] body = "{\"rows\":[[1],[2],[3]]}".getBytes(StandardCharsets.UTF_8);

    assertThatThrownBy(() -> parser.feed(body, body.length))
        .isInstanceOf(HttpProblem.class)
        .hasMessageContaining("try again")
        .extracting(e -> ((HttpProblem) e).status())
        .isEqualTo(429);
  }

  private static ExplainBody.Parsed parse(String body) throws IOException {
    ExplainBody parser = new ExplainBody(new ExplainBody.Limits(3, 5, 1000), values -> true);
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    // However the network cuts it.
    for (byte one : bytes) {
      parser.feed(new byte[] {one}, 1);
    }
    return parser.end();
  }
}
