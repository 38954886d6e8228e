package io.backprop;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.util.Date;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/** Who may know whom. The names of the tests are the architecture; a package yet to come breaks no rule. */
class ArchitectureTests {

    private static final String ROOT = "io.backprop";
    private static final String ENGINE = "io.backprop.engine";
    private static final String KERNEL = "io.backprop.engine.kernel";
    private static final String TABULAR = "io.backprop.tabular";
    private static final String MODEL = "io.backprop.model";
    private static final String TRAINING = "io.backprop.training";
    private static final String STORE = "io.backprop.store..";
    private static final String EVERY_WEB = "io.backprop..web..";
    private static final String[] JDBC = {"java.sql..", "javax.sql..", "org.springframework.jdbc..", "org.flywaydb.."};
    private static final String[] JACKSON = {"tools.jackson..", "com.fasterxml.jackson.."};

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    @Test
    void engineKnowsOnlyTheJdk() {
        check(classes()
                .that()
                .resideInAPackage(ENGINE + "..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        ENGINE + "..", "java.lang..", "java.util..", "jdk.incubator.vector..", "org.jspecify.."));
    }

    @Test
    void engineReadsNoClockAndNoRandomnessButItsOwn() {
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
                .dependOnClassesThat()
                .belongToAnyOf(ThreadLocalRandom.class, Random.class, Date.class));
    }

    @Test
    void kernelsKnowNothingOfTheEngine() {
        check(noClasses()
                .that()
                .resideInAPackage(KERNEL)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ENGINE));
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
    void onlyTheEngineKnowsItsKernels() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(ENGINE + "..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(KERNEL));
    }

    @Test
    void tabularKnowsTheEngineAndHowTextBecomesCellsAndNumbers() {
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
                        "de.siegmar.fastcsv.reader..",
                        "ch.randelshofer.fastdoubleparser.."));
    }

    @Test
    void trainingKnowsModelButNotTheReverse() {
        check(noClasses()
                .that()
                .resideInAPackage(MODEL + "..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(TRAINING + ".."));
    }

    @Test
    void modelAndTrainingKnowNeitherHttpNorJson() {
        check(noClasses()
                .that()
                .resideInAnyPackage(MODEL, TRAINING)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        EVERY_WEB, "org.springframework.http..", "org.springframework.web..", "jakarta.servlet..")
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage(JACKSON));
    }

    @Test
    void featuresDoNotKnowEachOthersWeb() {
        check(slices().matching("io.backprop.(*).web..").should().notDependOnEachOther());
    }

    @Test
    void sharedWebKnowsOfFeaturesOnlyTheirExceptions() {
        check(noClasses()
                .that()
                .resideInAPackage("io.backprop.web..")
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage(MODEL + "..", TRAINING + "..").and(not(assignableTo(Throwable.class)))));
    }

    @Test
    void nobodyKnowsTheStore() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(STORE)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(STORE));
    }

    @Test
    void storeKnowsNoWeb() {
        check(noClasses()
                .that()
                .resideInAPackage(STORE)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(EVERY_WEB));
    }

    @Test
    void onlyStoreSpeaksJdbc() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(STORE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(JDBC));
    }

    @Test
    void applicationOnlyStartsSpring() {
        check(noClasses()
                .that()
                .resideInAPackage(ROOT)
                .should()
                .dependOnClassesThat(resideInAnyPackage(ROOT + "..").and(not(resideInAnyPackage(ROOT)))));
    }

    @Test
    void packagesFormNoCycles() {
        check(slices().matching("io.backprop.(**)").should().beFreeOfCycles());
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

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(CLASSES);
    }
}
