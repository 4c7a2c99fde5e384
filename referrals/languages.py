"""The names of languages people say, for whoever has to find an interpreter."""

_NAMES = {
    "am": "Amharic", "ar": "Arabic", "ase": "American Sign Language", "bn": "Bengali", "bs": "Bosnian", "de": "German",
    "en": "English", "es": "Spanish", "fa": "Persian", "fr": "French", "gu": "Gujarati", "hi": "Hindi",
    "hmn": "Hmong", "ht": "Haitian Creole", "hy": "Armenian", "it": "Italian", "ja": "Japanese", "kar": "Karen",
    "km": "Khmer", "ko": "Korean", "ku": "Kurdish", "lo": "Lao", "my": "Burmese", "ne": "Nepali", "nv": "Navajo",
    "om": "Oromo", "pa": "Punjabi", "pl": "Polish", "ps": "Pashto", "pt": "Portuguese", "ro": "Romanian",
    "ru": "Russian", "rw": "Kinyarwanda", "so": "Somali", "sw": "Swahili", "ta": "Tamil", "te": "Telugu", "th": "Thai",
    "ti": "Tigrinya", "tl": "Tagalog", "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese", "yi": "Yiddish",
    "yue": "Cantonese", "zh": "Chinese",
}  # fmt: skip


def language_name(tag: str) -> str:
    """``Somali`` for ``so``, ``Chinese (zh-Hant)`` for ``zh-Hant``; a tag without a name here stays as it is."""
    name = _NAMES.get(tag.partition("-")[0].lower())
    if name is None:
        return tag
    return f"{name} ({tag})" if "-" in tag else name
