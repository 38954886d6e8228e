package io.backprop.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Measures the peak performance of the cores: floating-point operations per second of independent fused multiply-adds. */
final class SimdPeak {

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int CHAINS = 12;
    private static final int STEPS = 5_000_000;
    private static final int RUNS = 30;

    private SimdPeak() {}

    /** The sum over concurrent threads of each one's best run. */
    static double flops(int threads) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Double>> bests = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                bests.add(pool.submit(SimdPeak::best));
            }
            double sum = 0;
            for (Future<Double> best : bests) {
                sum += best.get();
            }
            return sum;
        } finally {
            pool.shutdown();
        }
    }

    private static double best() {
        double best = 0;
        for (int run = 0; run < RUNS; run++) {
            long begin = System.nanoTime();
            float result = chains();
            double seconds = (System.nanoTime() - begin) / 1e9;
            if (result > 0) {
                best = Math.max(best, 2.0 * CHAINS * SPECIES.length() * STEPS / seconds);
            }
        }
        return best;
    }

    /** Uses enough chains to hide the latency, and few enough for the 16 registers of AVX2. */
    private static float chains() {
        FloatVector factor = FloatVector.broadcast(SPECIES, 0.5f);
        FloatVector summand = FloatVector.broadcast(SPECIES, 1);
        FloatVector s0 = summand;
        FloatVector s1 = summand;
        FloatVector s2 = summand;
        FloatVector s3 = summand;
        FloatVector s4 = summand;
        FloatVector s5 = summand;
        FloatVector s6 = summand;
        FloatVector s7 = summand;
        FloatVector s8 = summand;
        FloatVector s9 = summand;
        FloatVector s10 = summand;
        FloatVector s11 = summand;
        for (int step = 0; step < STEPS; step++) {
            s0 = s0.fma(factor, summand);
            s1 = s1.fma(factor, summand);
            s2 = s2.fma(factor, summand);
            s3 = s3.fma(factor, summand);
            s4 = s4.fma(factor, summand);
            s5 = s5.fma(factor, summand);
            s6 = s6.fma(factor, summand);
            s7 = s7.fma(factor, summand);
            s8 = s8.fma(factor, summand);
            s9 = s9.fma(factor, summand);
            s10 = s10.fma(factor, summand);
            s11 = s11.fma(factor, summand);
        }
        FloatVector sum = s0.add(s1)
                .add(s2)
                .add(s3)
                .add(s4)
                .add(s5)
                .add(s6)
                .add(s7)
                .add(s8)
                .add(s9)
                .add(s10)
                .add(s11);
        return sum.lane(0);
    }
}
