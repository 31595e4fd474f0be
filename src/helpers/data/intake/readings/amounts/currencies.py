"""Signs, codes and words for money: which currency each of them stands for."""

from __future__ import annotations

from collections.abc import Iterable

CODES = frozenset(
    """AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF
    CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF
    IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK
    MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR
    SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES
    VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG""".split()
)  # ISO 4217
SMALL = frozenset("cny eur usd gbp jpy hkd twd aud cad chf sgd krw inr brl mxn sek nok dkk pln rub thb".split())
YEN_OR_YUAN = "¥"
BACKSLASH = "\\"  # what a yen of a Japanese code page becomes
# Where these are money a comma parts thousands: 1,234 of them is no fraction.
POINTED = frozenset((YEN_OR_YUAN, *"CNY JPY KRW HKD TWD SGD THB INR GBP AUD NZD PHP MYR ILS".split()))
WHOLE = frozenset("VND IDR CLP PYG".split())  # have no fractions: 1.234 and 1,234 of them are thousands
SHARED = {  # signs, and the currencies that share each
    "$": frozenset(
        "USD AUD CAD HKD SGD NZD TWD MXN ARS CLP COP BBD BMD BND BSD BZD FJD GYD JMD LRD NAD SRD TTD".split()
    ),
    YEN_OR_YUAN: frozenset(("CNY", "JPY")),
    "kr": frozenset(("SEK", "NOK", "DKK", "ISK")),
}
OF_SEVERAL = frozenset(SHARED)
SIGNS = {
    "€": "EUR", "£": "GBP", "₹": "INR", "₽": "RUB", "₺": "TRY", "₩": "KRW", "฿": "THB", "₫": "VND", "₱": "PHP",
    "₴": "UAH", "₪": "ILS", "₦": "NGN", "₸": "KZT", "₡": "CRC", "₲": "PYG", "₼": "AZN", "₾": "GEL", "₮": "MNT",
    "$": "$", "US$": "USD", "HK$": "HKD", "NT$": "TWD", "TW$": "TWD", "R$": "BRL", "A$": "AUD", "AU$": "AUD",
    "C$": "CAD", "CA$": "CAD", "S$": "SGD", "SG$": "SGD", "NZ$": "NZD", "MX$": "MXN", "CN$": "CNY",
    YEN_OR_YUAN: YEN_OR_YUAN, BACKSLASH: "JPY", "CN¥": "CNY", "JP¥": "JPY",
}  # fmt: skip
IDEOGRAPHS = {
    "人民币": "CNY", "人民幣": "CNY", "元": "CNY", "元整": "CNY", "圆": "CNY", "圓": "CNY", "块": "CNY", "块钱": "CNY",
    "円": "JPY", "日元": "JPY", "日圆": "JPY", "美元": "USD", "美金": "USD", "欧元": "EUR", "歐元": "EUR",
    "英镑": "GBP", "港元": "HKD", "港币": "HKD", "港幣": "HKD", "新台币": "TWD", "新台幣": "TWD", "台币": "TWD",
    "澳元": "AUD", "加元": "CAD", "韩元": "KRW", "卢布": "RUB", "원": "KRW",
}  # fmt: skip
WORDS = {
    "rmb": "CNY", "yuan": "CNY", "yen": "JPY", "euro": "EUR", "euros": "EUR", "dollar": "$", "dollars": "$",
    "kr": "kr", "kr.": "kr", "rs": "INR", "rs.": "INR", "zł": "PLN", "kč": "CZK", "руб": "RUB", "руб.": "RUB",
    "лв": "BGN", "лв.": "BGN", "грн": "UAH",
}  # fmt: skip
IN_THIS_CASE = {
    "Fr": "CHF", "Fr.": "CHF", "SFr": "CHF", "SFr.": "CHF", "TL": "TRY", "Rp": "IDR", "Rp.": "IDR", "RM": "MYR",
    "Ft": "HUF", "R": "ZAR", "р.": "RUB", "đ": "VND",
}  # fmt: skip


def code(sign: str) -> str:
    """The currency of one sign, code or word: an ISO code, or "$", "¥" or "kr" alone; "" where it names none."""
    if sign in CODES or sign in SMALL:
        return sign.upper()
    return (SIGNS | IDEOGRAPHS | IN_THIS_CASE).get(sign) or WORDS.get(sign.casefold(), "")


def settled(signs: Iterable[str]) -> dict[str, str]:
    """The currency of each of a column's `signs`, longest first; "¥" is Chinese unless another of them is Japanese."""
    known = {sign: code(sign) for sign in sorted(set(signs), key=lambda sign: (-len(sign), sign))}
    # a column that writes CN¥ for yuan writes ¥ for yen, and one that writes JP¥ for yen writes ¥ for yuan
    japanese = "JP¥" not in known and ("CN¥" in known or "JPY" in known.values())
    return {sign: ("JPY" if japanese else "CNY") if name == YEN_OR_YUAN else name for sign, name in known.items()}


def meant(sign: str, code: str, known: Iterable[str]) -> str:
    """The currency of a sign whose own `code` is not among those `known`: the only one of these that shares it."""
    names, shared = set(known), SHARED.get(YEN_OR_YUAN if sign == YEN_OR_YUAN else code, frozenset())
    fitting = names & shared
    return code if code in names or len(fitting) != 1 else min(fitting)
