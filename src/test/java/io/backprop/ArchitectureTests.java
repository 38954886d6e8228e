package io.backprop;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Date;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** The rules for dependencies between packages. A rule about a package that does not exist yet is satisfied. */
class ArchitectureTests {

    private static final String ROOT = "io.backprop";
    private static final String ENGINE = ROOT + ".engine";
    private static final String KERNEL = ROOT + ".engine.kernel";
    private static final String TABULAR = ROOT + ".tabular";
    private static final String DRIVER = ROOT + ".driver";
    private static final String SECURITY = ROOT + ".security";
    private static final String LIMITS = ROOT + ".limits";
    private static final String SHARED_WEB = ROOT + ".web..";
    private static final String STORE = ROOT + ".store..";

    /** From top to bottom: a feature may use those after it. */
    private static final List<String> FEATURES = Stream.of(
                    "openinference", "interchange", "interchange.onnx", "search", "training", "prediction", "model")
            .map(feature -> ROOT + "." + feature)
            .toList();

    /** The packages that every feature may use. */
    private static final List<String> FOUNDATION = List.of(SECURITY, LIMITS, DRIVER, TABULAR, ENGINE);

    private static final String[] JDBC = {
        "java.sql..", "javax.sql..", "org.springframework.jdbc..", "org.flywaydb..", "com.github.kagkarlsson.."
    };
    private static final String[] HTTP = {"org.springframework.http..", "org.springframework.web..", "jakarta.servlet.."
    };
    private static final String[] JACKSON = {"tools.jackson..", "com.fasterxml.jackson.."};

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    @Test
    void packagesFormNoCycles() {
        check(slices().matching("io.backprop.(**)").should().beFreeOfCycles());
    }

    @Test
    void featuresUseOnlyFeaturesBelowThem() {
        for (int i = 0; i < FEATURES.size(); i++) {
            checkUses(FEATURES.get(i), List.of(FEATURES.subList(i, FEATURES.size()), FOUNDATION));
        }
    }

    @Test
    void webOfAFeatureUsesTheSharedWebButNoWebOfAnotherFeature() {
        for (int i = 0; i < FEATURES.size(); i++) {
            String web = FEATURES.get(i) + ".web";
            checkUses(web, List.of(List.of(web, SHARED_WEB), FEATURES.subList(i, FEATURES.size()), FOUNDATION));
        }
    }

    @Test
    void sharedWebUsesNoFeature() {
        checkUses(SHARED_WEB, List.of(List.of(SHARED_WEB, LIMITS, DRIVER, TABULAR, ENGINE)));
    }

    @Test
    void securityUsesOnlyTheSharedWebLimitsAndEngine() {
        checkUses(SECURITY, List.of(List.of(SECURITY, SHARED_WEB, LIMITS, ENGINE)));
    }

    @Test
    void limitsUseOnlyTheEngine() {
        checkUses(LIMITS, List.of(List.of(LIMITS, ENGINE)));
    }

    @Test
    void storeUsesOnlyThePortsOfFeatures() {
        checkUses(STORE, List.of(List.of(STORE), FEATURES, FOUNDATION));
    }

    @Test
    void nothingUsesTheStore() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(STORE)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(STORE));
    }

    @Test
    void onlyTheStoreUsesJdbc() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(STORE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(JDBC));
    }

    @Test
    void featuresUseNeitherHttpNorJson() {
        check(noClasses()
                .that()
                .resideInAnyPackage(FEATURES.toArray(String[]::new))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(HTTP)
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage(JACKSON));
    }

    @Test
    void engineUsesOnlyTheJdk() {
        check(classes()
                .that()
                .resideInAPackage(ENGINE + "..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        ENGINE + "..",
                        "java.lang..",
                        "java.nio", // buffers
                        "java.nio.charset",
                        "java.util..",
                        "com.sun.management..",
                        "jdk.incubator.vector..",
                        "org.jspecify.."));
    }

    @Test
    void engineUsesNoClockNoOtherRandomNumbersAndNoPlatformMath() {
        check(noClasses()
                .that()
                .resideInAPackage(ENGINE + "..")
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .callMethod(Math.class, "exp", double.class)
                .orShould()
                .callMethod(Math.class, "log", double.class)
                .orShould()
                .callMethod(Math.class, "pow", double.class, double.class)
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(ThreadLocalRandom.class, Random.class, Date.class));
    }

    @Test
    void kernelsDoNotUseTheEngine() {
        checkUses(KERNEL, List.of(List.of(KERNEL)));
    }

    @Test
    void onlyTheEngineUsesItsKernels() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(ENGINE + "..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(KERNEL));
    }

    @Test
    void onlyTheSimdKernelUsesTheVectorApi() {
        check(noClasses()
                .that()
                .haveNameNotMatching("io\\.backprop\\.engine\\.kernel\\.Simd.*")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jdk.incubator.vector.."));
    }

    @Test
    void tabularUsesOnlyTheEngineAndParsersOfCsvAndNumbers() {
        check(classes()
                .that()
                .resideInAPackage(TABULAR)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        TABULAR,
                        ENGINE,
                        "java..",
                        "org.jspecify..",
                        "de.siegmar.fastcsv..",
                        "ch.randelshofer.fastdoubleparser.."));
    }

    @Test
    void driverUsesOnlyTheEngineTablesJacksonAndCsv() {
        check(classes()
                .that()
                .resideInAPackage(DRIVER)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        DRIVER,
                        TABULAR,
                        ENGINE,
                        "java..",
                        "org.jspecify..",
                        "tools.jackson..",
                        "com.fasterxml.jackson.annotation..",
                        "de.siegmar.fastcsv.."));
    }

    @Test
    void onlyOnnxUsesProtocolBuffers() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".interchange.onnx")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.google.protobuf.."));
    }

    @Test
    void applicationOnlyStartsSpring() {
        checkUses(ROOT, List.of(List.of(ROOT)));
    }

    @Test
    void controllersAndAdvicesArePackagePrivate() {
        check(classes()
                .that()
                .areAnnotatedWith(RestController.class)
                .or()
                .areAnnotatedWith(RestControllerAdvice.class)
                .should()
                .bePackagePrivate());
    }

    @Test
    void nothingUsesJavaSerialization() {
        check(noClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ObjectInput.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(ObjectOutput.class));
    }

    @Test
    void nothingUsesTheLoggingOfTheJdk() {
        check(noClasses().should().dependOnClassesThat().resideInAPackage("java.util.logging.."));
    }

    @Test
    void packagesAreDocumentedAndNullMarked() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            assertThat(files.filter(file -> file.toString().endsWith(".java")).map(Path::getParent))
                    .isNotEmpty()
                    .allSatisfy(folder -> assertThat(folder.resolve("package-info.java"))
                            .content()
                            .startsWith("/**")
                            .contains("@NullMarked\npackage "));
        }
    }

    /** Checks that a package uses no other package of the project than those listed, itself included. */
    private static void checkUses(String user, List<List<String>> used) {
        String[] packages = used.stream().flatMap(List::stream).toArray(String[]::new);
        check(classes()
                .that()
                .resideInAPackage(user)
                .should()
                .onlyDependOnClassesThat(resideOutsideOfPackage(ROOT + "..").or(resideInAnyPackage(packages))));
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(CLASSES);
    }
}
