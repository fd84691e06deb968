"""Security officers: who watches over the signing keys. Never citizens, and never one's account.

They have tables, passkeys, sessions and a cookie of their own, and are known by a name they choose.
"""
