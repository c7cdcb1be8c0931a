extension VerifyingKey {
    /// A key for which nobody can sign: its private half was thrown away when it was made.
    ///
    /// Checking a request of an unknown account against it takes the work of a real check, so that
    /// the time of the answer does not tell which accounts exist (contract §6).
    public static let decoy: VerifyingKey = {
        do throws(KeyFault) {
            return try VerifyingKey(publicPEM: decoyPEM)
        } catch {
            preconditionFailure("The decoy key is a constant of this file: \(error.reason).")
        }
    }()

    private static let decoyPEM = """
        -----BEGIN PUBLIC KEY-----
        MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAhRexyvkyyHgMgwdNzWF3
        /KUUt8RDTtZQI9VPVpalLrhpllxhjLa6tYaZeBUl5+uBqmmCO0zmH3JEfgzVDUin
        TWIPYSRHVjprZ0B0RCH7nir0+nh08K4xSVk32mzk/C8nwxndLSdJOYiPG0F/LZZF
        6Ey4uaBQZ2uUwt5NeEvSJizAO4T2xkzZGH8zN0PU/hV7cERQCGkpwOJ629FtAJAX
        CnIMfmBeErg+9GwU/wbEC7sLcU/7wGtA2TGjYwuHH0G2Mb69O9kmub9NWjNH0JPO
        Cg8eCQgPqJLEZY4+1Oce8VBAJ0lGSeAYi6KN+H6bGAoo1IG6kTmec5C5m5ALneEL
        aQIDAQAB
        -----END PUBLIC KEY-----
        """
}
