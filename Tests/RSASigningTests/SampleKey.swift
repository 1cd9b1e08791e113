/// Private keys made with the `openssl` command, for tests only.
enum SampleKey {
    /// An RSA key of 2048 bits in PKCS#1.
    static let pem = """
        -----BEGIN RSA PRIVATE KEY-----
        MIIEpAIBAAKCAQEAkpFmSYqCRhvDdeXyCqByYrwi1opEQbGwBr44bxYcnDFYZkju
        Z03pGzcemsfjK0FfPujcRbgu9oUPsTVK3EuQ2UpCgsXU315dHPZ5etsWpXpABm/D
        2aOdadmPha8ezPeMD7Fi+4jvSm7hCUJkaA/UR0o63NTWq4T7/e095wscyfv9vjih
        6YqFUWm/alQIvUk5nEhwMyCjvdOTtW3Hx4wj9LuRQOhJszx7C+Z3gIQk6c0RI4JL
        5bEcCV7dPQrqaqdnhjSlBt3iw6vHvkvmRw9QEs9dJEO32+ynhA0Dpv0QhmRh1ovs
        jx0fkzBd7YCMd8hdhf4in/f0vq/BB8EazfFfmwIDAQABAoIBAB2HTJ/JV3ivdEAm
        /Q4WCCWLOMuXXKwNk+Sv4yfCQS5YpLIqxFkssaeJgdF2LvbSe1Ft0Z78Pf3tjd1K
        WtQqJzsXwnGdUMdVuBWzNINDa3sYN5j0YHVTCM5ABjHNN7vcraultcbubiNFVnIq
        nZb3hXF9a4F9Iei5aJleeCe5remlXGy5K6sc8aQXA5rDUfYCr8AjUBswUYXX33x3
        bf3E2KFpWW0zIuEx6LqyZh5F7o1zh1vfBbbk/NIKUOrf6iXE62OwYBdjcYVUHqtR
        wZQKLuqSqMzum1quDDmbxzuHc3PqnPn4Xv5iAlgz0VrbVZFb8gXyicw0vptEU6pj
        aTwQU9ECgYEAzLJxBuKIq+AVi7uajfuAUNyasY3yTwsQNv7lBued1yHxFzlSFZTL
        7xGfJPW4N9fUP765PzvP1Jqif9ElgiZn24GqNADzcM2Oi9oYgpq7oFVsSDxIB6sy
        0Eju4bdowcb35X9WcRKwdtPVnzmT5odNtNRTRNc8cBaGKJXEqxTW+fECgYEAt01X
        UURSdoyqA0/RXLehxJAd4oE51YEwIH6ZYVAs/ueOhRwAfc8urMCaqLjYERtG6PZ0
        qHbB7FVwwlYirOs0MRUJF+g2JArPG1k2rX/9RX5wmR3bUqJCSo/qIAyXUqq3GwbT
        bxT8MyGETb///W/w2vijkkeGVCLdpCRo9nxChksCgYEAvLSQMDmsp06Ybk4P6G5/
        14vX7HGgfTAEzb5kYt4pi8eVm8RTIOQgsQ98uDTylECbQfzQiDPan/PCdLTZsEc5
        nYnG39Q0mLxXeiQgTl7ZM7Esdtdjy/YOjSd/WYScxW9o3yBqDymclp8pI3WQHIiF
        oXvQG/mUlPyex1FykglPOfECgYEAloiIhe/i/QKl+JRLLqaLzj5AnKxdj45JtNXj
        JnzOhwQpEf2eFbPY8/w0xw0OPHY3NMh5o4Pr3CeKs75DOdjrAsfwsNZ95/mMfjw0
        4CV1HOYqmERhwqoIYO1xa6KLf1M9jo97ggUs3NzQp31fQIX2ug1pX48nrN75QHy6
        Snpfs6MCgYByyKidHCYNH77XIue2lpBtvCz8eTp5Vz2NcVXlIBIaSHV6uEuYtGXD
        DDfAzQx1jzFMwDrL7FyEfmjgNRREAfnAM515+viLl6Ss0tQ+2OpEsAAVJMHC1Q7c
        xEFIxmcwC5FoHsxpSBE72U5rAlogbI2yWLMCsrdJw6Z8GBnm6erc5Q==
        -----END RSA PRIVATE KEY-----

        """

    /// The key ``pem`` in PKCS#8, encrypted with ``passphrase`` (PBKDF2 and AES-256).
    static let encryptedPEM = """
        -----BEGIN ENCRYPTED PRIVATE KEY-----
        MIIFLTBXBgkqhkiG9w0BBQ0wSjApBgkqhkiG9w0BBQwwHAQIT4uhlWbJ+3sCAicQ
        MAwGCCqGSIb3DQIJBQAwHQYJYIZIAWUDBAEqBBA//WzTbevOlLgExgQqy9ieBIIE
        0E6aWHm5k9d+01kwxjYkLQKLr/Rptdp3/igxvvIdSafOKURPMyp/Nzb1KDs6Ela8
        JO4DOb8avlOpuOdLKArF88iSZM2l2JD20yxH/T73mS7OT1r55cxHVOgMzOqwCcK4
        9CAqwLn0opqETMIY6Yi3gHfklC7f7tRDaRSNgsYrXnH4rxXVt+bI03OJQHMuGwF6
        O9RfsweXVDwa9VSRzSqPOlGCdVuMUFnQWpk1t9vYJ7znrcDqzF6a1kVjbzuv1tun
        7aC/Ye9Vu3EAnsaa4YHqYlFMwv1776wxNk7GHbZgjPeFqsrxUlxwHMgwHcEtRt7F
        uGPG7iPIqhd6mw+Ba1HWkqAP8b/roz17ukacBlTyZiZlD8vMshUAsulq/AhaYeBD
        sU/zYQ6oiBhYz3jUlM1gV5bzSd36y702EExxM/js4pcsDfFTFLdtR64x4caq65F+
        xeSpcMFDzxJWC+5ZiuqR3gBtiTLjTPwfhXJJZUpU+tKEd1AsIrAUfPMbf+27lrzG
        +Q9Eh0MB8vz7zohsHJgGKGqzF10sh4dvdNDy3/DowwAWfGyeg15R5NlaGV6BaMJt
        KOjIKLfAR+GDIZkkrnqs70O/fewwDVXafwXu+5P2t6Mv8QAjq3s+ujEJQrTxsJ15
        pRCqNiE0CCtg3E7LrDmlJQjSVpsslTSdsufgUtAIr7Bi7qJi3kaBCCL88+VrQV8r
        SDleG4oB9QwJGWEAaMAXwCogGe/hy8F2bgp2+Mh24p6vqSzLRIXDSfiycf0vzt5F
        Fe5Xt2LHslLgi7zCUZ5a60sF4XcEvSUeW8AOH3VefciuL3OQq8MJcujXehdmzz43
        E0CCAtOEXSD+JqDO84R8hLB02dd/2vIgpam3wELU1KKWVs6fE/6v09hpOQIqcKw6
        YRt/H5riuwjUZiu8olSBMaE1itIK2rp8vUW5nk5UgiIzqh0SlbHLYHKsqM95/Srt
        blpm+t6yZ605fwMdzuG5BBQTtAQyabtvl7pq75EnjkAoZzbX3MSxSTEEPuc6iNKa
        dP4pQlZ7rOwfh0773wmRUOpuqtzO00gdyd2ceGqDpaYb5Oj8bebt6oKxQ9jOEujE
        WjVBMqJXoH73oU0al1fevvDaoTVxOLgnq/rkrWbYVhW8uPGGb9JMNMx/XjQMWzR4
        IYg2cXogB+j2k17S1XcFFIOmYaOJpKQsJADIUEiHdl9d4TiIEwzM37FN8NAJ9cXw
        nFIIbYAr5uSmbmFwrzfn43aK0rCo126bxvkCb9q0G0L8ClFwPmqPetL54Z5s2e6W
        GDzVv7fEghPkXTPE8Rsh8B+By4VGT/yb4fFK6wB9ub1qCvKFslXlFNq0ZGw1sfAy
        89nYX6iV8K2/qcDJpP0mvp1719+TvJXutbMoHVVzfiDPkrvfcq94U7ZMm6R3lUhc
        PWjhSM/YePEc1KU6iBCX85273eBI69shDv+zZmYHh3y9ZaB2+tczos5WzD7shjnU
        EpCP6FVEddefge7hoSmPOFPZB8kKOuNCOPOJGCdY8JYI03B+bz7do1r5nybfHVF6
        03vcm90tIVfaICFUmj950LKH6CJ5UblFw31/LpPun1hCsOabigLtTchcgFt8YMPX
        vJXYicmVyp+dXCPg9a3K0moRF/B54E6gz0EkPF8MVOLR
        -----END ENCRYPTED PRIVATE KEY-----

        """

    /// The key ``pem`` in PKCS#8, encrypted with ``passphrase`` (scrypt and AES-256).
    static let scryptEncryptedPEM = """
        -----BEGIN ENCRYPTED PRIVATE KEY-----
        MIIFJTBPBgkqhkiG9w0BBQ0wQjAhBgkrBgEEAdpHBAswFAQIQl8kYA2pUuUCAkAA
        AgEIAgEBMB0GCWCGSAFlAwQBKgQQ+BnXphxHLCFxY9vHv6tVUgSCBNAaWn6Zl2uu
        CntXoE3o6PXjWcr5ZO+gc9T0j8WNQ5YmF1IGDG253F3VM3+nPxK0tjrE/8dHHkac
        MvGwTLInOgruh73aLM8hJYEgBQn7sEhN/usLTWao+3p88Qyeo/gsStNq8grvhIRF
        HgO02T9LCytHwHfblGpQC3YU7jPdnsff6BZi+WrXyrAvQEWt1ldG2XWStEl3LYf+
        itYhPQkBWEj63w6a1kujmt+nptsI684loFlIsbv4QR3ztgV/T8YV5tVULpkBxcUq
        9kWA9qn7Uo4RUzAqfV98V5XmiLMXBaeRqn/c/1oy1bPytXepjaAGY+qDM4yj29nA
        k4QIMBzt5DnzKBeCHfnx56dTn0ClGhlk3mq3+kGMq7dJTII1qmnhKyc1tvVTui6a
        qf5F7/sl/Qozqz84fO5yzWR/Hrdrl985GsokANS3JOUiFHnNPwjLaeO11hc14rQa
        DT0p+dWd0u71qHlLGc1hu2TBGtKLUwtsa+op4LYJvhHJBg6aY1CDo62XibSG+JEV
        Pztew4qoSOH7Uk2WZZjmOCnB6lFAfRJ9gM0FHGI/WzEdMNamke/KNnmILy+2qs54
        Wwy0VpE9sljqF6nD7f86p+dqTrPZxJ1Ej9RFUdLAiiYsU5jZ4Yf6Y7qsrxVV+i12
        33YCAHhzDSb2zV8n+905UE5vJv/BU13lXSpJLR0v4KWsusEL1w2YAWntGWFz0x++
        3nb/eviN6ykGIodeUN6e5fIe73MA7Bpf4MVNAR4huAa/mwvTjQTp2aYUgqX9gw1k
        3NtOrIe6t2rr72vB3MlBbrctTePA/kP23/vAfsH/I2/F5JS1nQjAlBisdTKunvBd
        lwW1pqg27gcOEyrdgmYYXx9ae2+Ebi5IVrIb/P0d74BkPI8nVIBDrX7qXu+UOmjX
        Ch8tIeD7QUfkCNZYC5dkjUXCESVxvz+DP4Ya1FM1BVz0ZQ730JtxMfTbdNA/aXr3
        nngX1zcjTC9o0Jbh/mi5wE3i+wxKdoryFEV/lZeNM/q+5XySwZlcXT3O9bA+kIuK
        0bs/uP8rSXbWjSB8RjSf3k/LWO4Kty+lIqB5bFDh4aKw2yeE+Z1VyycqfCVf1kFz
        4kvDEU5lTZhRbW1+4IMxfajfPuV3UBSarD9C3QvIfjRrWVxVEcKpwPfYUQ52Is6v
        heiUmgaTRh1is2xOcHIeLM6XwEZHyeQL6d4rExGlYZpkJ+y25zJT7l2MDQvGsiPw
        F/WAehvqGoCRyIsu1x+LRlJbqRf60XQsiuMhI540QVKt+92WwPPy1UzeNbJUcDDM
        v6k56i+Adcq90sLNEHbDOpfigY9FuwZAUGQWKhqrxj8cfpWm2RTisOqt7oyQQ+Xs
        WpKTzXN095hHkP9MKpPlKjn5IPzT73TSZfvwiBDkGPQh/WbRb8jNk4LNRBfhfkGd
        6czWpBgtE5wqpG3Qagfh1Mmnln8vB5ROXI27bw0rEL+vyOtW5oep4P4yAnLrLYGk
        6I/WLPk6NJ+pTY0M3omxc7mvKMCEFvCwzItVURqukMg82oZMPxK8ABfCW8ZtNIe/
        x6eWNbk21qfMzRPNnWlfeRLpyaVq/P5jvtf/VvYG9QXSdnFaOzgpRqm1rMtuQ1Jl
        FHMb0FvpIgzH+4Oue0yd/rsVElNfAX/NQA==
        -----END ENCRYPTED PRIVATE KEY-----

        """

    static let passphrase = Array("correct".utf8)

    /// The RS256 signature with the key ``pem`` over `A message to sign.`, in hexadecimal.
    static let signature = """
        5b0961e21fa42e9c675d261cb3f40c79749fcc6449da566b5f26077e67e294e4c2fb9cdc69bf4796ed8f1333c45f4a5d\
        78b59ffd8d9f79ebef903e534e364f1a792b9a6b76c91aae62442fb7b0352823c4659ba46f91dfdfe139413f494c3c67\
        46041135ffb47c08002cf597f66538c540202f88bfb04e34eea39e4222b4879913a0bea628a56359b22e56d120c25ec6\
        ad7ca037d39530a4cf68e2030c9cb1d6e00b99cd9cc38bae4d6a00f674d7780ca856f70f561ab67d67170f2151810dac\
        801bfc370a1e046cf5ad4900a495a72c9c3cf7a0c9cb22cabb7e5d734fc92ceedaa73315a474937f58a1097848096446\
        f399cdc00c250d535092111afc0e46be
        """

    /// The key ``pem`` with a changed private exponent, which no longer matches the public half.
    static let tamperedPEM = pem.replacing("U9ECgYEA", with: "U9MCgYEA")

    /// A private key on the curve P-256, which is not an RSA key.
    static let ellipticCurvePEM = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgc4sbAUfUEa4l1wwc
        lyrrU+XN4/B7eaTP5AkkdB+eaVihRANCAAQBXml+HSQ64cfC5CnaBM7EfazN93IN
        Fu5o8aUSQQIyHnAEfScVeVt9Ua8HIM0SaWXUtw6sRCl5h5doG90CW29T
        -----END PRIVATE KEY-----

        """
}
