"""Pictures of the payer's pages for the documents, as they are."""

from pathlib import Path

from gateway import Gateway
from phone import Phone
from shop import Merchant, Shop


def photograph(gateway: Gateway, folder: Path, pictures: Path) -> None:
    """Takes the pictures that the documents show, into a folder that is there."""
    # Without scripts, so that the outcome stays while it is photographed.
    with Phone(folder / "phone", scripts=False) as phone:
        shop = Shop(gateway, Merchant.made(gateway, "Kedai Kopi Bersama", folder))
        try:
            phone.open(shop.create_with_return("INV-2041")["url"])
            phone.photograph(pictures / "checkout.png")
            phone.choose("#bank", "Maybank (FPX)")
            phone.press("Continue to the bank")
            phone.photograph(pictures / "simulated-bank.png")
            phone.press("Approve")
            phone.photograph(pictures / "outcome.png")
        finally:
            shop.close()
