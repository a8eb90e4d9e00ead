/// Keys that were made for these tests and protect nothing.
enum ThrowAwayKeys {
    static let secret = Array("a-throw-away-secret-of-32-bytes!".utf8)

    static let rsaPrivate = """
        -----BEGIN PRIVATE KEY-----
        MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQCSoBzlw1O6k5qR
        vPAfulaxNFJC5R5FaxmFS5AsQsFXZkzDRdAOcWcP8kCFKG0i2UsIRJMyo6OL7SuR
        qOPZGw6gAheDkm4y0pcvuEOnF2bHR8z2WSe4X0koIroO/b0kCsShF37zp/Zm45r/
        VRUME8HItIdJ4tXVgrdYXQjTK4bZjstdn854aspI/C/bH4ZGE7ZPM9Lc0r89RtHy
        1OwdqeONcNKOXVYrsnjNQqOTUALEya04hTqnLNracUIrVU2zSWUDF4IQ90zaFXzM
        +VePZeb8sKtMweE59Slf/mOCxPPvzjKDsjgaocvhZtIF0V77xpOQAHQODRduMprq
        KaeLPW9DAgMBAAECggEAIxXRFGGy7VhYijsNsmniSLDeZkdxAOdpye2U6CJpJULD
        Z46TBIG6SaSML9DGnKomPCo8lsd1YQw1ertRGihRTZRyj/dAC0U9DBwphBgjbdgO
        gXw/9uxGEyaMIv4wfildd7apmCA+48ve0O5JBQTNP/uCy/lNdbO7r5dDf1RRBkm6
        QzNcBn2+z8ny9czVU17U/F7CIl/5bAbO8HRdTrwOeYKSAcSRzKpykO0HrrioJYwk
        AIenGIB1UgYutee+fgfAQ0jNbr4ov5zsz3eqd3aVb6OawNMOn13QFvReD8umkJzE
        mRJGTbRVdVUw4Ig3BcVxSx/iMVgL5bXAKb/Ezy3pIQKBgQDCyLBHKBLTxZ0F6YXn
        GkUhJLup0iOFPmBt8ZcWAxm5e05Smlf5+/IhRxn1Ug6Lm7x+6evP/TZFRbgi279C
        ROMIz6yXXP1CLbEhMK9HWP1alWi4r+blcKheceOXr1DGnPVHlh5V3cu9Vr5dmFwL
        +95y9kUOP2J4UEcXZecbVelqCwKBgQDAtNb9Pn0H49Y43k7WYIhIpmBJJlYZLvzv
        bXvn4STkmd8viJBi3AC88Rc0HpO5/UO+mq1F9ssZT7YjptlkkQDyqaeRFtggtxLT
        nxbe9aYC+whwbz98YieuBfargDyJlcnYxyK7nUVFyfx9WGHGWTGiob6TZdO0zLpY
        uNvChUYKqQKBgBhsxf4GPmYjz47gO5RBLQ385zNiUGXy7nCa7NErzlv95FJjXEjS
        mQgnPFAQ3BYRj09y0ckg/V8uYOquF4udy8JdGE1asb9Mr3tz+Wa+9/YV6i3OkOuQ
        duxw55MrvrtJD1DMuD0YNOYnLHPcGR6/lKNh0kL5G8XuexuqAZLh8QUFAoGAbtza
        vjBf79UUXf0O7+fzH5CP3iVu7OgKXZfn65usBNO9AXSYVDdrOUed6L8aj6pzeck0
        nAaCC1q/Vz1a3a9KE1Ck9SRmTFPmQdbJapV530caMMzfgihZ2ZTWtw18Rk7lI5BU
        nAi7XI36cwYQofKYSo6wu82eAOqy3e3jh8HybJkCgYEAlNRjRsbx9OPSAZnkvZd1
        5Zv6pDCRd1Ug28oWYsz15BwSUehwOFFy+84D7IkxpSPTt+8t+Y4wHE7e7/m7lrxc
        YN2g2GiJu0JTNU9ZmccWqnfz5ED1WQ5nD52LJv/9Qz0IpmriIr7KapH+bfPRifYi
        VDF02hHggTDp3zgBzCR3AA0=
        -----END PRIVATE KEY-----
        """

    static let rsaPublic = """
        -----BEGIN PUBLIC KEY-----
        MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAkqAc5cNTupOakbzwH7pW
        sTRSQuUeRWsZhUuQLELBV2ZMw0XQDnFnD/JAhShtItlLCESTMqOji+0rkajj2RsO
        oAIXg5JuMtKXL7hDpxdmx0fM9lknuF9JKCK6Dv29JArEoRd+86f2ZuOa/1UVDBPB
        yLSHSeLV1YK3WF0I0yuG2Y7LXZ/OeGrKSPwv2x+GRhO2TzPS3NK/PUbR8tTsHanj
        jXDSjl1WK7J4zUKjk1ACxMmtOIU6pyza2nFCK1VNs0llAxeCEPdM2hV8zPlXj2Xm
        /LCrTMHhOfUpX/5jgsTz784yg7I4GqHL4WbSBdFe+8aTkAB0Dg0XbjKa6imniz1v
        QwIDAQAB
        -----END PUBLIC KEY-----
        """

    static let ecPrivate = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgq2LDiGos+jByFIoY
        BWp+9PFep35pEpz48YK4oommZLahRANCAATgxQ3lhz+bmtf9D8A4oBG/HhJ7Q0LN
        7QNjamwxDvQf1Mee0BxQsbYcjNw2LsAtcH3lJMoZHlpPZdsh8y6t7p1c
        -----END PRIVATE KEY-----
        """

    static let ecPublic = """
        -----BEGIN PUBLIC KEY-----
        MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE4MUN5Yc/m5rX/Q/AOKARvx4Se0NC
        ze0DY2psMQ70H9THntAcULG2HIzcNi7ALXB95STKGR5aT2XbIfMure6dXA==
        -----END PUBLIC KEY-----
        """

    static let smallRSAPublic = """
        -----BEGIN PUBLIC KEY-----
        MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCsO7SURww47rcu5TglJGcIyl/i
        1aP9iTgwN5lQ/hB9cj2JMyuuc1wTf4Ccaqh1xfPgBVBlGnfyhVLVHU2nZMsiL4Eb
        Vwi8a6cxjR5ue+0wxUgoqjInvLERkewLXGnlfifSuxyhl9vjo9naBfJklb/RSjgM
        8ebv+U9eRjCVetdRxwIDAQAB
        -----END PUBLIC KEY-----
        """

    static let p384Public = """
        -----BEGIN PUBLIC KEY-----
        MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEWv4EgL7WeiDse1KilfztNGXZQWFzmL/W
        F9TuLlR72IrolVy6sZ1Xfwx8sIMDtYUA+aVFE+TIK7v6kY0cWKlzARLS26X6Qgux
        WXzF+CiRmZ9EkwYU7y/TqdyjWAEgCKro
        -----END PUBLIC KEY-----
        """

    static let ed25519Public = """
        -----BEGIN PUBLIC KEY-----
        MCowBQYDK2VwAyEA239fbA/1cYChoh92BwjIesLbWbsLf1bIu23ZuQB1sH0=
        -----END PUBLIC KEY-----
        """

    static let rsaJWK = #"""
        {"kty":"RSA","n":"kqAc5cNTupOakbzwH7pWsTRSQuUeRWsZhUuQLELBV2ZMw0XQDnFnD_JAhShtIt\#
        lLCESTMqOji-0rkajj2RsOoAIXg5JuMtKXL7hDpxdmx0fM9lknuF9JKCK6Dv29JArEoRd-86f2ZuOa_1\#
        UVDBPByLSHSeLV1YK3WF0I0yuG2Y7LXZ_OeGrKSPwv2x-GRhO2TzPS3NK_PUbR8tTsHanjjXDSjl1WK7\#
        J4zUKjk1ACxMmtOIU6pyza2nFCK1VNs0llAxeCEPdM2hV8zPlXj2Xm_LCrTMHhOfUpX_5jgsTz784yg7\#
        I4GqHL4WbSBdFe-8aTkAB0Dg0XbjKa6imniz1vQw","e":"AQAB"}
        """#

    static let ecJWK = #"""
        {"kty":"EC","crv":"P-256","x":"4MUN5Yc_m5rX_Q_AOKARvx4Se0NCze0DY2psMQ70H9Q","y":\#
        "x57QHFCxthyM3DYuwC1wfeUkyhkeWk9l2yHzLq3unVw"}
        """#
}
