"""Currencies: ISO 4217 codes, the symbols a spec may write, and how finely amounts are kept."""

# Active ISO 4217 codes (list one, 2024), without metals, test and fund codes.
CURRENCIES = frozenset(
    """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF
    CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG
    HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA
    MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD
    RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX
    USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG
    """.split()
)

# Symbols that stand for one currency in a spec; an ambiguous one (kr, Rs) must be written as a code.
SYMBOLS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₽": "RUB", "₺": "TRY", "₩": "KRW", "₴": "UAH"}

# Currencies whose unit is worth about one US cent or less.
_SMALL_UNITS = frozenset(
    """
    ALL AMD AOA ARS BIF CDF CLP COP CRC DJF DZD GNF HUF IDR IQD IRR ISK JMD JPY KHR KMF KPW KRW KZT LAK LBP LKR LRD
    MGA MMK MNT MWK NGN NPR PKR PYG RSD RWF SDG SOS SSP SYP TZS UGX UZS VES VND VUV XAF XOF XPF YER
    """.split()
)


def currency_mend(code: str) -> str:
    """What to write for a code that is none: the one it begins or was lengthened from, else examples.

    A slip in one of three letters gives another country's currency, so spelling isn't compared.
    """
    wanted = code.upper()
    near = {known for known in CURRENCIES if known.startswith(wanted) or wanted.startswith(known)}
    if len(near) == 1:
        return f"did you mean `{near.pop()}`?"
    return "write the ISO 4217 code of the currency, such as USD, EUR or GBP"


def money_places(currency: str) -> int:
    """How many decimal places amounts of a currency are kept to.

    A millionth of the unit, or a thousandth where the unit is worth about one US cent or less: an amount is held as
    a whole number of 64 bits, so it may reach 9.2 trillion dollars or 9.2 quadrillion rupiah.
    """
    return 3 if currency in _SMALL_UNITS else 6
