# syntax=docker/dockerfile:1
FROM eclipse-temurin:25-jdk AS build
WORKDIR /build
COPY mvnw pom.xml ./
COPY .mvn .mvn
COPY src src
# The mount keeps Maven and all that it downloaded from one build to the next.
RUN --mount=type=cache,target=/root/.m2 \
    ./mvnw -B package -DskipTests && \
    java -Djarmode=tools -jar target/backprop-*.jar extract --layers --destination layers --application-filename backprop.jar

FROM eclipse-temurin:25-jre
# Fails here rather than at each start, should the runtime come without the module of the fast kernel.
RUN java --add-modules=jdk.incubator.vector --version
RUN useradd --system --uid 10001 --no-create-home backprop && install -d -o backprop /data
WORKDIR /app
# What changes least comes first, so that a new version of the service is a small layer.
COPY --from=build /build/layers/dependencies/ ./
COPY --from=build /build/layers/spring-boot-loader/ ./
COPY --from=build /build/layers/snapshot-dependencies/ ./
COPY --from=build /build/layers/application/ ./
# The classes loaded at a start, kept ready for each start that follows: it takes two thirds of the time.
RUN java -XX:ArchiveClassesAtExit=backprop.jsa --add-modules=jdk.incubator.vector -Dspring.context.exit=onRefresh \
        -jar backprop.jar --backprop.store.folder=/tmp/store && \
    rm -r /tmp/store
USER backprop
ENV SERVER_ADDRESS=0.0.0.0
# The volume; SQLite's native library is run from there as well, since /tmp may forbid it.
ENV BACKPROP_STORE_FOLDER=/data
# Long answers wait there too, as /tmp may be memory.
ENV BACKPROP_SPOOL_FOLDER=/data
EXPOSE 8080
VOLUME /data
# The image need not have curl or wget; bash it has.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /actuator/health/readiness HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q '^HTTP/1.[01] 200' <&3"]
# Three quarters of the container's memory for the heap: the rest is for threads, code and files in use.
ENTRYPOINT ["java", "-XX:SharedArchiveFile=backprop.jsa", "--add-modules=jdk.incubator.vector", "-XX:MaxRAMPercentage=75", "-jar", "backprop.jar"]
