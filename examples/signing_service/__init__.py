"""A signing service: it makes keys, signs digests with them, and gives no private part away."""
