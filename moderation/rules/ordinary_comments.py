"""Calm comments as people write them, on which patterns of word lists are tried.

None of them has a word that anybody would list; a pattern that is found in many of them catches
what it was not meant to.
"""

COMMENTS = (
    "Thank you for the report. I had not heard of this before.",
    "We were there for fun last summer, and my children still talk of it.",
    "From what I read, the first ferry leaves at half past five.",
    "Is there a map of the new route anywhere?",
    "I disagree with the author, but the figures are worth a look.",
    "Good point! The old building should be kept.",
    "My father worked there until 1986. It was a hard time for everybody.",
    "Could you explain how the numbers in the second table were found?",
    "Danke für den Artikel, das war mir neu.",
    "Ich sehe das anders: Die Brücke wird seit Jahren nicht mehr benutzt.",
    "Wann beginnt die Sitzung am Freitag?",
    "Merci pour cet article, il explique très bien la situation.",
    "Je ne suis pas d’accord, mais la question est bonne.",
    "Gracias por la información, no lo sabía.",
    "¿Alguien sabe si el museo abre los domingos?",
    "Obrigado pelo texto, muito bem escrito.",
    "Grazie, finalmente qualcuno lo spiega con calma.",
    "Спасибо за статью, было интересно читать.",
    "Не согласен с автором, но факты верны.",
    "ありがとうございます。とても参考になりました。",
    "这篇文章写得很好，谢谢作者。",
    "좋은 글 감사합니다. 많이 배웠습니다.",
    "شكرا على المقال، كان مفيدا جدا.",
    "Teşekkürler, bu konuyu hiç bilmiyordum.",
)
