package io.attribution.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What may import what; style.md draws the picture. */
@AnalyzeClasses(packages = "io.attribution", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String[] FUNCTIONS = {
    "io.attribution.jacobian..",
    "io.attribution.projection..",
    "io.attribution.reduction..",
    "io.attribution.verification..",
    "io.attribution.detector..",
    "io.attribution.statistics.."
  };

  private static final String[] NUMERICS = {
    "io.attribution.detector..",
    "io.attribution.statistics..",
    "io.attribution.jacobian..",
    "io.attribution.projection..",
    "io.attribution.reduction..",
    "io.attribution.verification..",
    "io.attribution.attribution..",
    "io.attribution.admission..",
    "io.attribution.bundle.."
  };

  private static final String[] NATIVE = {
    "io.attribution.jacobian..",
    "io.attribution.projection..",
    "io.attribution.reduction..",
    "io.attribution.attribution.."
  };

  @ArchTest
  static final ArchRule functionsKnowNothingOfWhatCallsThem =
      noClasses()
          .that()
          .resideInAnyPackage(FUNCTIONS)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.attribution.attribution..",
              "io.attribution.admission..",
              "io.attribution.topology..",
              "io.attribution.serde..",
              "io.attribution.config..",
              "io.attribution.explain..",
              "io.attribution.cli..");

  @ArchTest
  static final ArchRule numericsKnowNothingOfTheStream =
      noClasses()
          .that()
          .resideInAnyPackage(NUMERICS)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.attribution.topology..",
              "io.attribution.serde..",
              "io.attribution.config..",
              "io.attribution.app..",
              "io.attribution.cli..");

  @ArchTest
  static final ArchRule numericsImportNeitherKafkaNorAvro =
      noClasses()
          .that()
          .resideInAnyPackage(NUMERICS)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.kafka..", "org.apache.avro..", "io.confluent..");

  @ArchTest
  static final ArchRule onlyTheEnginesAndTheirFunctionsImportDjl =
      noClasses()
          .that()
          .resideOutsideOfPackages(NATIVE)
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ai.djl..");

  @ArchTest
  static final ArchRule detectorsAndStatisticsNeedOnlyTheJdk =
      classes()
          .that()
          .resideInAnyPackage("io.attribution.detector..", "io.attribution.statistics..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "org.jspecify..",
              "io.attribution.detector..",
              "io.attribution.statistics..");

  @ArchTest
  static final ArchRule onlyMainStartsCommands =
      classes()
          .that()
          .resideInAPackage("io.attribution.cli..")
          .should()
          .onlyHaveDependentClassesThat()
          .resideInAnyPackage("io.attribution.cli..", "io.attribution");

  @ArchTest
  static final ArchRule packagesFormNoCycle =
      slices().matching("io.attribution.(*)..").should().beFreeOfCycles();

  /** What is seen of an instance stands beside the stream: the stream knows none of it. */
  @ArchTest
  static final ArchRule theStreamKnowsNothingOfWhoLooks =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "io.attribution.http..",
              "io.attribution.live..",
              "io.attribution.monitoring..",
              "io.attribution.ondemand..",
              "io.attribution.app..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.attribution.http..",
              "io.attribution.live..",
              "io.attribution.monitoring..",
              "io.attribution.ondemand..");

  @ArchTest
  static final ArchRule onlyMonitoringImportsMicrometer =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.attribution.monitoring..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.micrometer..");

  @ArchTest
  static final ArchRule onlyHttpImportsTheServer =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.attribution.http..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.javalin..", "org.eclipse.jetty..", "jakarta.servlet..");

  @ArchTest
  static final ArchRule whatIsShownKnowsNothingOfTheServer =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.attribution.live..", "io.attribution.ondemand..", "io.attribution.monitoring..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.attribution.http..", "io.attribution.app..");
}
