"""Where the private part of a signing key lies, and who signs with it.

In this program, sealed to its row; in a PKCS #11 token; or behind a signing service. A key lies
where it was made and nowhere else: when that place cannot sign, nothing is signed.
"""
