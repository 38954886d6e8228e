package io.backprop.web.table;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.module.SimpleModule;

@Configuration(proxyBeanMethods = false)
class TableConfiguration {

    @Bean
    JacksonModule tablesModule() {
        return new SimpleModule("tables")
                .addDeserializer(RequestTable.class, new TableDeserializer())
                .addDeserializer(RowSource.class, new RowSourceDeserializer());
    }
}
