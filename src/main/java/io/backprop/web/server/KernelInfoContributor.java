package io.backprop.web.server;

import io.backprop.engine.KernelReport;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Reports the numeric kernels in use to {@code /actuator/info} and the log, and how to get faster ones. */
@Component
class KernelInfoContributor implements InfoContributor {

    private static final Logger log = LoggerFactory.getLogger(KernelInfoContributor.class);

    private final KernelReport kernels = KernelReport.current();

    @Override
    public void contribute(Info.Builder builder) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("name", kernels.name());
        details.put("vectorBits", kernels.vectorBits());
        kernels.hint().ifPresent(hint -> details.put("hint", hint));
        builder.withDetail("kernel", details);
    }

    @EventListener
    void report(ApplicationReadyEvent ready) {
        kernels.hint()
                .ifPresentOrElse(
                        hint -> log.warn("Numeric kernels: {}; {}", kernels.name(), hint),
                        () -> log.info("Numeric kernels: {}, {} bits wide", kernels.name(), kernels.vectorBits()));
    }
}
