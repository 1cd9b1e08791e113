/// Keys and a signature made with the `openssl` command, for tests only.
enum SampleKey {
    /// A public RSA key of 2048 bits, as the `openssl` command writes it.
    static let pem = """
        -----BEGIN PUBLIC KEY-----
        MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAtrdfuq3Wdo0zPE2ObfNH
        ba2WxKiQKHwmGSAP3GYrVHzGgSzntSpi9WzrH+5zO9p4aIsoGyC1Vj+5XNbTsp+4
        BaoWrWWRU2AYRYo0RB21KhNz2aI6MraT7AsxzPTEMdOD1AO2f76S3nr8pxBiuQvs
        JDl1HBC9AnnctCz4DGlh+n2DgqsXZMSC+RbAj9YFgAkJKPiJo/sIvypHC/qj2oaP
        XpRNjap1M8cZjfuQNtHAJfBdv0xFkMM3AAt6il52ANinOBAvCKdKnU9EXxD48xom
        +Vl/kGOslxHI+Lqzjn/Vud5acblrBh9RCuYIFTGYpOw5UNid3Stw1Dryhra0H453
        5QIDAQAB
        -----END PUBLIC KEY-----

        """

    /// The signed message.
    static let message = Array("A message to sign.".utf8)

    /// The RS256 signature over ``message``.
    static let signature: [UInt8] = {
        let digits = """
            26fa1464cc9502e4a5443d1137782542c1cd8ea67a4470a212a7e56896a331b823eeabe5e01dbe1e44836b2d8b072a3b\
            639e1a7558e2bb18d215bc776f1a0602e71f2395abc483835821cb372ec05824c20260ccaf8ead7c8ab70df3f8adc3c7\
            0e3c2fad281845f0e17d7289fc23f9700ac56f2faee645885515d63eb4c89cdf0555704334eab8e2cf521982fe9a94ab\
            b27bcb88af99badcd859659f31b46c258310a6c8ee039e2e4bba44ec73ffba71e505478551617682cb1b316b064742bb\
            6a3d5ffbfdefb6b82a8ad4f4a3332c6a1b74356ed73143266228308e9bc8b098bb77a4ac16a8d6ccbfaaa4c97409bccd\
            e5a709a93101f2f741a7932e1e35118d
            """
        return stride(from: 0, to: digits.count, by: 2).compactMap { offset in
            let start = digits.index(digits.startIndex, offsetBy: offset)
            return UInt8(digits[start..<digits.index(start, offsetBy: 2)], radix: 16)
        }
    }()

    /// A key on the curve P-256.
    static let ellipticCurvePEM = """
        -----BEGIN PUBLIC KEY-----
        MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEW88vuTOuWVCjO8JN5rEydN72EAwS
        1HZ0kIX3ORgYZ9rXMyQMFQRR7+ohyAsxzk4cv0a5WEGLTPV50C5dRzdpEw==
        -----END PUBLIC KEY-----
        """

    /// An RSA key that is restricted to RSASSA-PSS.
    static let probabilisticPEM = """
        -----BEGIN PUBLIC KEY-----
        MIIBIDALBgkqhkiG9w0BAQoDggEPADCCAQoCggEBAKMVrTHxwLNusaER3GTjTmot
        IPIGuJPMnw0j2+0gBEvQ1wjTY3eiHtqRmlC9f5czFfAHzft5Rqa9AftM0peTyoIc
        ZrFYNXBT5qi5NGcFR4LkZ6Smxj4xKyArM7rHUcotsPt/fUgHIeecUfU+DQzbtplu
        tgNqTU1PVgRNMua1RYyLoXCxlOhL5DENsQHgM7mK8UJE4AmUF9sMT3YBmMnW3W5Z
        MpHB+04sG4JKAjC6+iOHt9TLrbh0kMvt6bLgifOYhNs9dpIc/2fIp8wpGIBkj6OU
        qIjTgRxC3nDocSz32h7TFYekFVcHtMNFmBTzhuLusyvNpKcMa6WuuunhYUWy1jkC
        AwEAAQ==
        -----END PUBLIC KEY-----
        """
}
