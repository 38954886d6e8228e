package io.backprop.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.Test;

/** What the build of this jar repeats. */
class BuildTests {

    @Test
    void hasTheVersionsOfTheService() throws IOException {
        String service = Files.readString(Path.of("../../pom.xml"));
        String jar = Files.readString(Path.of("pom.xml"));
        for (String library : List.of("fastcsv", "fastdoubleparser", "errorprone", "nullaway")) {
            assertThat(version(jar, library)).as(library).isEqualTo(version(service, library));
        }
    }

    private static String version(String pom, String library) {
        Matcher version =
                Pattern.compile("<%s\\.version>(.+)</".formatted(library)).matcher(pom);
        assertThat(version.find()).as(library).isTrue();
        return version.group(1);
    }

    @Test
    void startsTestsWithTheOptionsOfSpark() throws IOException {
        String jar = Files.readString(Path.of("pom.xml"));
        String options = jar.substring(jar.indexOf("<spark.jvm.args>") + 16, jar.indexOf("</spark.jvm.args>"));
        assertThat(options.strip().split("\\s+")).containsExactly(JavaModuleOptions.defaultModuleOptionArray());
    }
}
