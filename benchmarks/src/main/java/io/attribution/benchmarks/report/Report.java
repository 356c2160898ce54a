package io.attribution.benchmarks.report;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A folder with the results of the subcommands: {@code results/<name>.json}, the pictures, and a
 * page that is written anew from all results that are there.
 *
 * @param folder where it is; made when missing
 * @param root the repository, which the page links to
 */
public record Report(Path folder, Path root) {
  private static final List<String> ORDER = List.of("engine", "codec", "pipeline");
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /** Adds a section, in place of an earlier one of its name, and writes the page. */
  public void add(Section section) throws IOException {
    keep(section);
    Files.writeString(page(), Page.markdown(sections(), toRoot()));
  }

  /** Writes a section that has a page of its own. */
  public void addApart(Section section) throws IOException {
    keep(section);
    Files.writeString(pageOf(section.name()), Page.apart(section, toRoot()));
  }

  private void keep(Section section) throws IOException {
    Files.createDirectories(folder.resolve("results"));
    JSON.writeValue(results(section.name()).toFile(), section);
    for (BarChart chart : section.charts()) {
      Files.writeString(folder.resolve(chart.file() + ".svg"), Svg.draw(chart));
    }
  }

  /** The file of a page apart. */
  Path pageOf(String section) {
    return folder.resolve(section + ".md");
  }

  /** The page's file. */
  public Path page() {
    return folder.resolve("README.md");
  }

  private List<Section> sections() throws IOException {
    List<Section> sections = new ArrayList<>();
    for (String name : ORDER) {
      if (Files.exists(results(name))) {
        sections.add(JSON.readValue(results(name).toFile(), Section.class));
      }
    }
    return sections;
  }

  private Path results(String name) {
    return folder.resolve("results").resolve(name + ".json");
  }

  private String toRoot() {
    Path way = folder.toAbsolutePath().normalize().relativize(root.toAbsolutePath().normalize());
    return way.toString().isEmpty() ? "" : way.toString().replace('\\', '/') + "/";
  }
}
