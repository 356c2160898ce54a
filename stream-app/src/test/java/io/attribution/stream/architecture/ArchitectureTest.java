package io.attribution.stream.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What may import what inside the application; between modules the compiler sees to it. */
@AnalyzeClasses(packages = "io.attribution.stream", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  /** Like any other user of the engine's library. */
  @ArchTest
  static final ArchRule theEngineIsUsedByItsPublicTypes =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.attribution.engine.internal..", "ai.djl..");

  @ArchTest
  static final ArchRule onlyMainStartsCommands =
      classes()
          .that()
          .resideInAPackage("io.attribution.stream.cli..")
          .should()
          .onlyHaveDependentClassesThat()
          .resideInAnyPackage("io.attribution.stream.cli..", "io.attribution.stream");

  @ArchTest
  static final ArchRule packagesFormNoCycle =
      slices().matching("io.attribution.stream.(*)..").should().beFreeOfCycles();

  /** What is seen of an instance stands beside the stream: the stream knows none of it. */
  @ArchTest
  static final ArchRule theStreamKnowsNothingOfWhoLooks =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "io.attribution.stream.http..",
              "io.attribution.stream.live..",
              "io.attribution.stream.monitoring..",
              "io.attribution.stream.ondemand..",
              "io.attribution.stream.app..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.attribution.stream.http..",
              "io.attribution.stream.live..",
              "io.attribution.stream.monitoring..",
              "io.attribution.stream.ondemand..");

  @ArchTest
  static final ArchRule onlyMonitoringImportsMicrometer =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.attribution.stream.monitoring..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.micrometer..");

  @ArchTest
  static final ArchRule onlyHttpImportsTheServer =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.attribution.stream.http..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.javalin..", "org.eclipse.jetty..", "jakarta.servlet..");

  /** A client that is opened elsewhere verifies no host name. */
  @ArchTest
  static final ArchRule onlyRegistryOpensClientsOfTheRegistry =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.attribution.stream.registry..")
          .should()
          .dependOnClassesThat(
              JavaClass.Predicates.simpleNameContaining("CachedSchemaRegistryClient")
                  .or(JavaClass.Predicates.simpleName("SchemaRegistryClientFactory"))
                  .or(JavaClass.Predicates.simpleName("RestService"))
                  .or(JavaClass.Predicates.simpleName("KafkaAvroDeserializer")));

  @ArchTest
  static final ArchRule whatIsShownKnowsNothingOfTheServer =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.attribution.stream.live..",
              "io.attribution.stream.ondemand..",
              "io.attribution.stream.monitoring..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.attribution.stream.http..", "io.attribution.stream.app..");
}
