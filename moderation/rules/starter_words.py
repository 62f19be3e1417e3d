"""Usual insults by language, for owners who want a list to start with; none applies by itself.

Each is meant for somebody nearly wherever it stands. Words that are also names, animals or medical
terms are left out, and so is swearing that is meant for nobody. Pure data.
"""

from collections.abc import Mapping

STARTER_WORDS: Mapping[str, tuple[str, ...]] = {
    "en": (
        *("asshole*", "arsehole*", "bastard*", "cunt*", "dickhead*", "douchebag*", "dumbass*"),
        *("fuck you", "fuck off", "fuckwit*", "jackass*", "moron*", "motherfuck*", "scumbag*"),
        *("shithead*", "twat*", "wanker*", "go to hell", "kill yourself", "kys", "stfu"),
    ),
    "de": (
        *("arschloch*", "arschlöcher*", "drecksau*", "fick dich", "fotze*", "hurensohn*"),
        *("hurensöhne*", "idiot*", "miststück*", "missgeburt*", "schlampe*", "schwachkopf"),
        *("trottel", "vollidiot*", "vollpfosten", "wichser*", "halt die fresse", "halt’s maul"),
    ),
    "fr": (
        *("abruti*", "connard*", "connasse*", "enculé*", "enfoiré*", "fils de pute"),
        *("pauvre con", "salaud*", "salope*", "va te faire foutre", "ta gueule", "crétin*"),
    ),
    "es": (
        *("cabrón", "cabrones", "gilipollas", "hijo de puta", "hijos de puta", "hijueputa"),
        *("imbécil*", "malnacido*", "pendejo*", "subnormal*", "vete a la mierda"),
    ),
    "pt": (
        *("arrombado*", "babaca*", "cuzão", "filho da puta", "idiota*", "imbecil", "otário*"),
        *("vai se foder", "vai tomar no cu", "vagabunda*", "cala a boca"),
    ),
    "it": (
        *("bastardo", "bastardi", "coglione", "coglioni", "deficiente", "figlio di puttana"),
        *("pezzo di merda", "stronzo", "stronza", "stronzi", "vaffanculo", "testa di cazzo"),
    ),
    "nl": (
        *("hoerenzoon", "klootzak*", "kutwijf", "lul", "optyfen", "sukkel*"),
        *("tyfuslijer", "kankerlijer", "rot op", "hou je bek"),
    ),
    "pl": (
        *("debil*", "dziwka", "frajer*", "idiota", "kretyn*", "pojeb*", "skurwysyn*"),
        *("spierdalaj", "zjeb*", "zamknij się"),
    ),
    "ru": (
        *("долбоеб*", "дебил*", "идиот*", "кретин*", "мразь", "мудак*", "пидор*", "придурок"),
        *("сука", "сволочь", "ублюд*", "урод*", "пошел нахуй", "иди нахуй", "заткнись"),
    ),
    "tr": (
        *("aptal*", "gerizekalı*", "kaltak*", "orospu*", "piç*", "şerefsiz*", "salak*"),
        *("siktir git", "siktir", "yavşak*", "kapa çeneni"),
    ),
    "ar": ("أحمق", "حقير", "غبي", "قحبة", "ابن الكلب", "وسخ", "اخرس"),
    "ja": ("死ね", "くたばれ", "バカ野郎", "馬鹿野郎", "クズ野郎", "クソ野郎", "きもい", "うせろ"),
    "zh-hans": (
        *("傻逼", "傻屄", "煞笔", "操你妈", "操你媽", "王八蛋", "混蛋"),
        *("贱人", "去死吧", "脑残", "滚蛋"),
    ),
    "ko": ("개새끼", "병신", "씨발", "시발놈", "미친놈", "미친년", "꺼져", "닥쳐", "쓰레기 같은"),
}
