package io.backprop.engine.kernel;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;

/** What this JVM compiles to fast code; the usual is assumed where it can't be found out. */
final class Jvm {

    private Jvm() {}

    /** Whether {@link Math#fma} is an instruction rather than arithmetic with {@code BigDecimal}. */
    static boolean hasFma() {
        try {
            HotSpotDiagnosticMXBean hotSpot = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
            return hotSpot == null
                    || Boolean.parseBoolean(hotSpot.getVMOption("UseFMA").getValue());
        } catch (IllegalArgumentException | LinkageError e) { // another JVM, or one without this option or module
            return true;
        }
    }

    /** Whether there is an optimizing compiler; without it, each vector is allocated as an object. */
    static boolean optimizes() {
        String info = System.getProperty("java.vm.info", "");
        return !info.contains("emulated-client") && !info.contains("interpreted");
    }

    /** Whether the module of the Vector API is there, which is then made readable for the module of the library. */
    static boolean hasVectorModule() {
        Optional<Module> vector = ModuleLayer.boot().findModule("jdk.incubator.vector");
        vector.ifPresent(module -> Jvm.class.getModule().addReads(module));
        return vector.isPresent();
    }
}
