/// Tokens made by joserfc, a Python library, with the throw-away keys.
///
/// They state `sub` customer-17, `aud` site_shop, `iat` 1800000000, `exp` 1800003600, a name, an
/// e-mail address, `plan` pro and `seats` 3.
enum ForeignTokens {
    static let hs256 = #"""
        eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjdXN0b21lci0xNyIsImF1ZCI6InNpdGV\#
        fc2hvcCIsImV4cCI6MTgwMDAwMzYwMCwiaWF0IjoxODAwMDAwMDAwLCJuYW1lIjoiWm_DqyIsImVtYWl\#
        sIjoiem9lQGV4YW1wbGUub3JnIiwicGxhbiI6InBybyIsInNlYXRzIjozfQ.5b9hOIq9Tdc32K914pCd\#
        Jwc_GncEJnizD06CL0Gq9i4
        """#

    static let rs256 = #"""
        eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiIsImtpZCI6InJzYS0xIn0.eyJzdWIiOiJjdXN0b21lci0x\#
        NyIsImF1ZCI6InNpdGVfc2hvcCIsImV4cCI6MTgwMDAwMzYwMCwiaWF0IjoxODAwMDAwMDAwLCJuYW1l\#
        IjoiWm_DqyIsImVtYWlsIjoiem9lQGV4YW1wbGUub3JnIiwicGxhbiI6InBybyIsInNlYXRzIjozfQ.R\#
        fnGL7NSG_Oz-HHJZnXE-livF2ui3-9LZHkRs6U-jZxDbGyuwX-dRrpLNq09N-QmzD0ECM-dmxpQYJ2Dh\#
        66YtTUOO8NMUKxTgdRxwj13loc0RW2-XX5HGZ1Fr4KWRq8SO857jTC_WscKTN9uQ65OmekmWTUAr4ygm\#
        Mrh4Uoztb0spzHbSGTiMxPXM5unvWsrdHc_1sgK1Hp4xMmBaYC_9tWXMLafdTOcIBsTUM_3SUAF6p-xP\#
        DsaNUbc0ZWZ3MnK3by6c4f0FnoHGw5p6MTK_CZE0PRHEVgDvxbUFYqR7sbq1pQK5izIdNZG9abq5KZB0\#
        wnk-ZPeRyJe2UFzPoGblQ
        """#

    static let es256 = #"""
        eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiIsImtpZCI6ImVjLTEifQ.eyJzdWIiOiJjdXN0b21lci0xN\#
        yIsImF1ZCI6InNpdGVfc2hvcCIsImV4cCI6MTgwMDAwMzYwMCwiaWF0IjoxODAwMDAwMDAwLCJuYW1lI\#
        joiWm_DqyIsImVtYWlsIjoiem9lQGV4YW1wbGUub3JnIiwicGxhbiI6InBybyIsInNlYXRzIjozfQ.rx\#
        CvKfp6NagPOTbWSLt6m3yboY7k6zDQWTxJDKsdgcCzkvxP9gxpTF2QJOT130U3WcWenDhCOCCP7l0YRc\#
        NFZA
        """#
}
