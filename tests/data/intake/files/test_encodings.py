"""The encoding of a text file is decided over the whole of it, by what people write."""

import codecs

import pytest

from helpers.data.intake.files import encodings

TEXTS = {
    "gb18030": [
        "北京",
        "男",
        "一",
        "支付宝",
        "联通",
        "店铺,“好评”",
        "￥100",
        "iPhone手机X,好",
        "臺北市",
        "翟志刚,赵璐",
        "性别\n" + "女\n" * 50,
    ],
    "cp950": ["臺北市\n高雄市\n新竹縣", "陳怡君", "信用卡", "碁峰資訊", "感謝您的購買，品質很好", "蔡依林,周杰倫"],
    "cp932": ["東京都", "山田太郎", "カード", "とても良い", "注文番号,金額\n1,100円", "株式会社サクラ"],
    "cp1252": [
        "Málaga\nKöln\nBesançon",
        "MÁLAGA",
        "été",
        "100 €",
        "d’Or",
        "à la carte",
        "“quoted”",
        "30°C",
        "£5",
        "São João\nOdivelões",
        "Ørsted\nMalmö",
        "Forlì\nNardò\nCantù",
        "Señor Peña",
        "Nîmes\nMünchen\nLugo, España",
        "Reykjavík\nÍsafjörður",
        "Genève",
        "Été",
        "España",
        "crème brûlée à 5€",
    ],  # fmt: skip
    "euc_jp": ["とても良い", "注文番号,金額\n1,100円"],
    "iso2022_jp": ["東京都", "山田太郎"],
    "cp949": ["서울특별시 강남구", "김철수\n이영희\n박민수", "만족", "배송이 빨라요", "취소,환불,완료"],
    "cp1251": [
        "Привет",
        "МОСКВА",
        "иванов",
        "Київ\nЛьвів",
        "Москва\nСанкт-Петербург\nКазань",
        "Номер заказа;Дата заказа",
    ],
    "koi8_r": ["Привет", "МОСКВА", "Москва\nСанкт-Петербург\nКазань"],
    "cp866": ["Привет", "Москва\nСанкт-Петербург\nКазань"],
    "cp1253": ["Αθήνα\nΘεσσαλονίκη\nΠάτρα"],
    "cp1250": [
        "Kraków\nGdańsk\nWrocław\nPoznań",
        "Plzeň\nKroměříž\nTřebíč\nČeské Budějovice",
        "Győr\nHódmezővásárhely\nPécs",
        "Košice\nŽilina",
        "Černý\nBrno",
        "České Budějovice",
        "Bucureşti\nIaşi\nBraşov ţară",
    ],
    "cp1254": ["İstanbul\nEskişehir\nMuğla\nIğdır", "Şanlıurfa\nÇorum\nGümüşhane"],
    "utf-8": [
        "Málaga",
        "北京",
        "Привет мир",
        "Ελλάδα",
        "100 €",
        "¥1,200.50",
        "😀",
        "İstanbul",
        "مشتری,مبلغ\nعلی رضایی,۱۲۳",
        "مبلغ,١٢٣\n۱۲۳",
        "לקוח,סכום\nדוד כהן,5",
    ],
    "utf-8-sig": ["a", "北京"],
    "utf-16": ["a", "北京,上海"],
    "utf-16-le": ["北京,上海", "😀"],
    "utf-16-be": ["a", "北京,上海"],
}


def written(tmp_path, content, name="rows.csv"):
    (tmp_path / name).write_bytes(content)
    return tmp_path / name


@pytest.mark.parametrize(("encoding", "text"), [(name, text) for name, texts in TEXTS.items() for text in texts])
def test_a_text_is_read_as_it_was_written(tmp_path, encoding, text):
    lines = "id,text\n" + "".join(f"{place},{line}\n" for place, line in enumerate(text.split("\n")))
    path = written(tmp_path, lines.encode(encoding))
    assert encodings.as_utf8(path, "auto", tmp_path).read_text(encoding="utf-8-sig") == lines


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1255", "תל אביב"),
        ("cp1256", "القاهرة"),
        ("cp874", "กรุงเทพ"),
        ("mac_roman", "México,Málaga"),
        ("cp850", "Málaga,Köln"),
        ("iso8859_5", "Москва"),
        ("euc_jp", "東京都,山田太郎"),
        ("cp1250", "Plzeň"),  # Plzeò of cp1252 has letters of Italian
        ("cp1250", "Poznań"),
        ("cp1250", "Częstochowa"),
        ("cp1250", "Přerov"),
    ],
)
def test_an_encoding_that_is_none_of_the_known_is_asked_for(tmp_path, encoding, text):
    path = written(tmp_path, f"id,text\n1,{text}\n".encode(encoding))
    with pytest.raises(ValueError, match=r"rows.csv: its encoding cannot be told \(.* reads '.*', .* reads '.*'\)"):
        encodings.detected_encoding(path)
    assert encodings.as_utf8(path, encoding, tmp_path).read_text(encoding="utf-8").endswith(f"{text}\n")


def test_chinese_that_begins_late_decides_for_the_whole_file(tmp_path):
    path = written(tmp_path, b"id,city\n" + b"1,Paris\n" * 3_000_000 + "2,北京市\n".encode("gb18030"))
    assert path.stat().st_size > 20e6
    assert encodings.detected_encoding(path) == "gb18030"


def test_a_file_in_utf_8_is_read_as_it_lies_and_any_other_from_a_copy(tmp_path):
    path = written(tmp_path, "城市\n北京\n".encode(), "utf8.csv")
    assert encodings.utf8_text(path, "auto", tmp_path) == encodings.Utf8Text(path, "utf-8")
    assert encodings.as_utf8(path, "utf-8", tmp_path) == path
    copy = encodings.utf8_text(written(tmp_path, "城市\n北京\n".encode("gb18030")), "auto", tmp_path)
    assert copy.encoding == "gb18030" and copy.path.read_text(encoding="utf-8") == "城市\n北京\n"


def test_bytes_that_are_not_in_the_encoding_asked_for_are_told_with_their_line(tmp_path):
    path = written(tmp_path, "a,b\n1,2\n3,北京\n".encode("gb18030"))
    with pytest.raises(ValueError, match=r"rows.csv: encoding = 'utf-8': line 3 has other bytes \(b'\\xb1"):
        encodings.as_utf8(path, "utf-8", tmp_path)
    with pytest.raises(ValueError, match="it ends within a character, in line 3"):
        encodings.as_utf8(written(tmp_path, "a\n1\n北".encode()[:-1]), "utf-8", tmp_path)


def test_a_character_that_was_cut_off_costs_no_more_than_itself(tmp_path):
    path = written(tmp_path, "1,北京市\n".encode() * 200 + "2,北".encode()[:-1] + b"\n3,c\n")
    text = encodings.utf8_text(path, "auto", tmp_path)
    assert (text.encoding, text.undecodable) == ("utf-8", 1)
    assert text.path.read_text(encoding="utf-8").endswith("2,\ufffd\n3,c\n")


def test_two_files_of_different_encodings_put_together_are_asked_about(tmp_path):
    path = written(tmp_path, "1,北京市\n".encode() * 50 + "2,上海市\n".encode("gb18030") * 50)
    with pytest.raises(ValueError, match="its encoding cannot be told"):
        encodings.detected_encoding(path)


def test_a_few_nuls_make_no_utf_16(tmp_path):
    assert encodings.detected_encoding(written(tmp_path, b"a,b\n1\0,2\n")) == "utf-8"
    assert encodings.detected_encoding(written(tmp_path, codecs.BOM_UTF16_BE + "a".encode("utf-16-be"))) == "utf-16"


def test_bytes_of_one_bit_make_no_utf16_of_ascii(tmp_path):
    (tmp_path / "flags.csv").write_bytes(b"customer_id,opted_out\r\nc0,\x01\r\nc1,\x00\r\n")
    assert encodings.detected_encoding(tmp_path / "flags.csv") == "utf-8"


def test_the_samples_of_two_encodings_are_of_a_line_that_they_read_otherwise(tmp_path):
    path = tmp_path / "cities.csv"
    path.write_bytes("name\nKraków\nŁódź\n".encode("cp1250") * 9)
    with pytest.raises(ValueError, match=r"cp1250 reads 'Łódź', cp1252 reads '£ódŸ'"):
        encodings.detected_encoding(path)
