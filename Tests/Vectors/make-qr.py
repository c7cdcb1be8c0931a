"""Prints DuitNow QR strings, with a checksum that CPython computes: binascii.crc_hqx."""
import binascii


def data_object(id, value):
    return f"{id}{len(value.encode()):02d}{value}"


def account(qr_id):
    parts = [("00", "A0000006150001"), ("01", "000000"), ("02", qr_id)]
    return "".join(data_object(*part) for part in parts)


def code(*objects):
    body = "".join(data_object(*each) for each in [("00", "02"), *objects]) + "6304"
    return body + f"{binascii.crc_hqx(body.encode(), 0xFFFF):04X}"


MYR, MALAYSIA, NO_CITY = ("53", "458"), ("58", "MY"), ("60", "MY")

print('# DuitNow QR strings of ours, in the form of PayNet\'s "QR Data Object V1.5"; see make-qr.py.')
print("# Static, without an amount.")
print(code(("01", "11"), ("26", account("KAUNTERSTATIC1")), ("52", "5999"), MYR, MALAYSIA,
           ("59", "KEDAI CONTOH"), NO_CITY))
print("# Dynamic, with a reference label.")
print(code(("01", "12"), ("26", account("KAUNTERSANDBOX")), ("52", "0000"), MYR, ("54", "100.00"),
           MALAYSIA, ("59", "KAUNTER SANDBOX"), NO_CITY,
           ("62", data_object("05", "B2C3D4F5G6H7J8K9L2M3"))))
print("# The template after the city, and a postcode.")
print(code(("01", "12"), ("52", "5999"), MYR, ("54", "1.5"), MALAYSIA, ("59", "KEDAI CONTOH"),
           ("60", "IPOH"), ("61", "30000"), ("26", account("QR2"))))
print("# A language template: lengths are counted in bytes.")
print(code(("01", "11"), ("26", account("QR3")), ("52", "0000"), MYR, MALAYSIA, ("59", "KEDAI"),
           NO_CITY, ("64", data_object("00", "zh") + data_object("01", "示例商店"))))
print("# The longest value.")
print(code(("01", "12"), ("26", account("Q" * 28)), ("82", "f" * 99)))
