package io.backprop;

import io.backprop.model.Model;
import io.backprop.model.ModelService;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

/** The whole service without any model, as a newcomer finds it. */
@SpringBootTest(classes = Application.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
abstract class EmptyService {

    @LocalServerPort
    int port;

    @BeforeEach
    void deleteAllModels(@Autowired ModelService models) {
        for (Model model : models.list(1_000, null).models()) {
            models.delete(model.id(), any -> true);
        }
    }
}
