package io.backprop.security;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientAddressTests {

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1,                192.0.2.1",
        "2001:db8:1:2:3:4:5:6,     2001:db8:1:2:0:0:0:1",
        "2001:db8:1:2:3:4:5:6,     2001:0DB8:0001:2::",
        "2001:db8:0:1:2::3,        2001:db8::1:5:6:7:8",
        "2001:db8::1,              2001:db8:0:0:ffff:ffff:ffff:ffff",
        "fe80:0:0:0:1:2:3:4%eth0,  fe80::1",
        "::ffff:192.0.2.1,         192.0.2.1",
        "::FFFF:c000:201,          192.0.2.1",
        "0:0:0:0:0:ffff:c000:0201, 192.0.2.1",
        "unknown-client-of-proxy,  12345::1",
        "zz:1:1:1:1:1:1:1,         +1:1:1:1:1:1:1:1",
        "evil.example.com:80,      _hidden:8080",
    })
    void areTheSameClient(String address, String other) {
        assertThat(ClientAddress.of(address)).isEqualTo(ClientAddress.of(other));
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1,            192.0.2.2",
        "2001:db8:1:2::1,      2001:db8:1:3::1",
        "2001:db8:1:2::1,      2001:db9:1:2::1",
        "::1,                  0.0.0.0",
        "::ffff:192.0.2.1,     ::ffff:192.0.2.2",
        "::192.0.2.1,          192.0.2.1",
        "2001:db8::1,          unknown",
    })
    void areDifferentClients(String address, String other) {
        assertThat(ClientAddress.of(address)).isNotEqualTo(ClientAddress.of(other));
    }
}
