"""How likely bytes are text in an encoding: the share of their signs that people write, each beside the others.

Any two bytes are some ideograph in one encoding and another in the next, but random ones are rare. So the frequent
ones count whole, those of the standards' first levels half, the others nothing; a letter with an accent counts where
it stands in a word.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache

SIMPLIFIED = (
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动"
    "面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战"
    "向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气"
    "题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达"
    "光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运笔员台湾区县镇乡村街巷弄号楼室层"
    "单元广州深圳京沪津渝杭武汉成都南宁苏锡常青岛济郑沙福厦门昆贵阳哈尔滨春沈连石庄太原合肥昌兰西银川呼和浩特海口拉萨乌鲁木齐省自治河江湖浙皖闽赣鲁豫鄂湘粤桂琼"
    "李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建国志海波辉玲燕萍鹏飞鑫波斌宇浩凯雪梅琳晶婷佳欣怡嘉俊豪晨阳子轩梓涵雨思诗"
    "客户订单编号姓名日期金额数量价格付款支付宝微信银行卡信用现金退货换购买销售额商品服装鞋包手机电脑数码家具办公用品食品饮料化妆护肤洗发水面膜口红"
    "状态完成取消已发未待处理评价满意度好差般投诉建议服务物流快递速度质量问题咨询售后客服热线电话邮箱地址性别男女年龄会员等级普通黄金钻石注册登录来源渠道"
    "线上下店铺旗舰官方直营代理批发零采购库存仓优惠券折扣活动促满减赠积分充值余额账户号码密备注说明无其他合计总小累平均最近首末次周季节日期间时分秒早晚"
    "湿润雅霜补草油莱欧悦风精吟乳洁套净集液肌紧爽修膏致防唇亮粉预珀维妮露养芝细柔持久双纹专彩莲奶蜜植温丝底嫩缓效享离隔型斑染典轻瓶盒礼塑限茶泡抗片泉柜影泽贴饼浓弹喷纤倍滑裸鲜圈绿棕刷改善曲调缩矿容睡夜组版印卷"
    "标准费技椅封架签企器纳复纸固每耐辽属蓝庆桌刀巩陶整混施凤徽云君夹升钉楚乐皮钢蒙陕搁聪盘宽透荷麦框忠盛键墨廉临炉冬晒健叠栋材车甘垫字壁盖锁滩图溪严摩托虎亚圆咖啡灵划息局耳置恒按芯烤荧闹搅拌"
    "鼓励花园卫厨客厅床单枕被裤裙衫帽袜鞋靴童婴玩耐装修灯泡锅碗杯盆刀叉勺肉鱼虾蛋奶米面油盐酱醋糖果蔬菜茶酒烟药医院校师班课考试读写画唱歌舞跑步球赛票旅游酒店机票火车站路桥村镇莞珠佛惠"
    "收到很不错喜欢推荐颜尺寸太大小包装坏破损迟延错漏少件慢态度恶劣差评给五星好评谢感"
)
TRADITIONAL = (
    "個們來說為這會對時過學國於後裡還動開長點問種與現進無經發樣從當見關業兩間體實頭戰機應產將員門題變總電數給報結條萬許東場計資統區處華書導運義務達設記"
    "類據邊張認觀論視訊車馬魚鳥龍鳳號單價買賣銷貨費額錢銀貿購訂證網線話請謝讓誰識議護標準確練習講課題臺灣縣鎮鄉鐵園廣島澳門灣橋環圍圖團陽陰陳劉趙黃吳孫楊鄭鄧蕭葉許盧蘇賴"
    "鍾羅呂蔣馮莊嚴顏魏賈鄒廖梁戴範謝麗雲靜偉傑強軍勇豔濤輝飛鵬國曉燕慶寶貴榮興隆達聯優質滿評級會員狀態訴覆應該幾兒歲檔總樓層廳臥鋪庫儲備註記錄編輯檢"
    "視圖書館飯餐飲麵雞鴨豬綠藍紅紫黑顯熱溫濕乾淨輕薄厚軟硬寬窄細緻緊鬆適應該樂愛歡親戀親聽說讀寫筆紙畫術藝歷史傳統續續繼絕對錯誤實際際遇選擇購"
    "高雄新竹桃園苗栗彰化雲林嘉義屏宜花蓮臺東澎湖金馬祖北投信義松山內湖士大安萬華中正基隆淡水板橋三重永和蘆洲汐止樹鶯歌"
    "姓客戶訂單編號產品數量價退換貨運送達付款轉帳貨到信用卡發票載具統一編號備註滿意度調查"
)
JAPANESE = (
    "県駅株様込円区号気楽検売買読図広辺沢浜竜戸発変関東京都大阪府道市町村丁目番地電話番号会社名前住所氏注文日付金額数量商品顧客配送料税込合計支払済未備考"
    "北海青森岩手宮城秋田山形福島茨栃木群馬埼玉千葉神奈川新潟富石井梨長野岐阜静岡愛知三重滋賀兵庫良和歌鳥取根岡広口徳香媛高佐崎熊分鹿児沖縄横浜名古屋札幌仙台"
    "佐藤鈴木高橋田中伊渡辺山本村小林加吉松井清斎崎森池橋阿部石川前岡長谷近遠坂福西太原金子中島丸今河藤後上野増菊杉新丸私達何時間今日明度使者"
)
HANGUL = (
    "이다는의가에을를은고지하한로기사도리자어서시나인대그해아라스부수정들일주제과만보동있전원장상관안위면조구게여것공적성소요으거미모고화진경비오내었발학우신세실"
    "연개민선물무문국정치회유마금방말중생출트양트더습니용음분명품행업반체드차외과강산남북서울특별광역시군구읍면동리부산대구인천광주전수원성남고양창포항제주충청경상"
    "김이박최정강조윤장임한오서신권황안송류홍전민영희철숙순호준현재은진혜연미경주문번객배송결제상품명가격합계휴대폰이메일회원가입등급남녀성별반품환불취소완료"
)
FREQUENT = frozenset(SIMPLIFIED + TRADITIONAL + JAPANESE)
FULL_WIDTH = frozenset("，。、；：？！“”‘’（）《》【】「」『』—…·～￥％　〇々〒※→★☆●○◆■□①②③④⑤・ー")
SYMBOLS = frozenset("\xa0€£¥©®°«»–—“”…•™§²³½¼±×·¿¡ºª")

BARE = 0.89  # of letters by themselves in a text that is valid UTF-8: bytes of other encodings seldom are
ALPHABETS = (
    "α-ωά-ώΑ-Ω",
    "А-Яа-яЁёІіЇїЄєҐґЎў",
    "\u05d0-\u05ea",
    "\u0621-\u064a\u0660-\u0669\u067e-\u06d3\u06f0-\u06f9",
)  # Greek, Cyrillic, Hebrew, Arabic
OFTEN = frozenset("оеаинтсрвлкмдпуяαοιετσνηρπςάίό")  # letters, five of six in a text
LANGUAGES = {  # the letters beyond ASCII of each, by the encoding that it goes with
    "cp1252": ("äöüß", "àâæçéèêëîïôœùûüÿ", "áéíóúñüªº", "áàâãçéêíóôúü", "àèéìíîòóùú", "åäöéæøü", "äöüšž", "éèëïóöü"),
    "cp1250": ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîşţ", "čćđšž"),
    "cp1254": ("çğıiöşüâîûi̇",),
}

_WORD = re.compile(r"[^\W\d_]+")
_LETTER = re.compile(
    r"[^\W\d_\x00-\x7f]|(?<=[^\W\d_])[^\s\x00-\x7f]|[^\s\x00-\x7f](?=[^\W\d_])"
)  # or a sign beside one
_IN_ALPHABET = re.compile("|".join(f"[{letters}]+" for letters in ALPHABETS))
KANJI_ALONE = 0.8  # in the EUC of Japanese, whose bytes are common characters in that of Chinese too
_GOOD, _FAIR, _POOR = 1.0, 0.5, 0.2


@cache
def weight(sign: str, encoding: str) -> float:
    """How likely people write `sign`, from 0 to 1, in a text whose language goes with the East Asian `encoding`."""
    code = ord(sign)
    if (
        (sign in FREQUENT and encoding != "cp949")
        or sign in FULL_WIDTH
        or 0xFF01 <= code <= 0xFF5E
        or 0x1F000 <= code <= 0x1FAFF
    ):
        return _GOOD
    if 0x3041 <= code <= 0x30FE:  # kana
        return _GOOD if encoding in ("cp932", "euc_jp") else _POOR
    if _is_hangul(sign):
        return 0.0 if encoding != "cp949" else _GOOD if sign in HANGUL else _FAIR
    if 0x4E00 <= code <= 0x9FFF:
        return _FAIR if _first_level(sign, encoding) else 0.0
    return _POOR if 0xFF61 <= code <= 0xFF9F else 0.0  # kana of half width


def _is_hangul(sign: str) -> bool:
    return "\uac00" <= sign <= "\ud7a3"


def _first_level(sign: str, encoding: str) -> bool:
    """Whether an ideograph is among those that the standard lists first, being in use."""
    standard, first, last = {
        "gb18030": ("gb2312", 0xB0, 0xD7),
        "cp950": ("big5", 0xA4, 0xC6),
        "cp932": ("shift_jis", 0x88, 0x97),
        "euc_jp": ("euc_jp", 0xB0, 0xCF),
        "cp949": ("euc_kr", 0x100, 0),  # in Korean they are rare
    }[encoding]
    try:
        return first <= sign.encode(standard)[0] <= last
    except UnicodeEncodeError:
        return False


def of_ideographs(text: str, encoding: str) -> float:
    """The mean weight of the signs beyond ASCII, from 0 to 1; an ideograph within a Latin word has none."""
    strays = sum(len(match[0]) for match in re.finditer(r"(?<=[A-Za-z])[^\x00-\x7f](?=[A-Za-z])", text))
    signs = Counter(sign for sign in text if sign > "\x7f")
    if encoding == "cp949" and not any(map(_is_hangul, signs)):
        return 0.0
    total = signs.total()
    likely = sum(weight(sign, encoding) * count for sign, count in signs.items())
    sure = 1.0 if encoding != "euc_jp" or any("\u3041" <= sign <= "\u30fe" for sign in signs) else KANJI_ALONE
    return sure * max(0.0, likely - strays) / total if total else 1.0


def of_letters(text: str) -> float:
    """The share of signs beyond ASCII that stand where Latin text has them: a letter in a word, one symbol by itself.

    In a word, letters with accents are the fewer, and a capital does not follow a small letter.
    """
    signs = sum(sign > "\x7f" for sign in text)
    likely = sum(_in_word(word) for word in _WORD.findall(text))
    likely += len(re.findall(r"(?<=[A-Za-z])[’´](?=[A-Za-zÀ-ÿ])", text))
    alone = re.findall(r"(?<![^\x00-\x7f])([^\x00-\x7f])(?![A-Za-z\x80-\U0010ffff])", text)
    alone += re.findall(r"(?<![A-Za-z\x80-\U0010ffff])([^\x00-\x7f])(?=[A-Za-z])", text)
    likely += sum(sign in SYMBOLS for sign in alone)
    return min(1.0, likely / signs) if signs else 1.0


def of_alphabets(text: str) -> float:
    """The share of signs beyond ASCII that stand in words of one alphabet, or in Latin words."""
    text = unicodedata.normalize("NFC", text)  # some programs write an accent behind its letter
    others = sum(len(word) for word in _IN_ALPHABET.findall(text) if len(word) > 1)
    signs = sum(sign > "\x7f" for sign in text)
    bare = len(_IN_ALPHABET.findall(text)) + len(re.findall("[À-ÿ]", text))
    return max(of_letters(text), others / signs, min(BARE, BARE * bare / signs)) if signs else 1.0


def of_an_alphabet(text: str) -> float:
    """The mean weight of the signs beyond ASCII: letters of words of one alphabet in one case, the frequent ones whole.

    Another encoding of the same alphabet has the same letters elsewhere, and capitals in the place of small ones.
    """
    signs = sum(sign > "\x7f" for sign in text)
    words = [word for word in _IN_ALPHABET.findall(text) if len(word) > 2 and _is_in_one_case(word)]
    likely = sum(_GOOD if sign in OFTEN else 0.3 for word in words for sign in word.lower())
    alone = re.findall(r"(?<![^\x00-\x7f])([^\x00-\x7f])(?![^\x00-\x7f])", text)
    likely += sum(sign in SYMBOLS for sign in alone)
    return likely / signs if words else 0.0


def of_one_language(text: str, encoding: str) -> float:
    """The share of the signs beyond ASCII in words that the alphabet of one language of an encoding has, the best."""
    plain = re.sub("[õÕ](?=[eE])|[ãÃ](?=[oOeE])", "ã", text)  # as in Portuguese, which has õ nowhere else
    letters = _LETTER.findall(plain.lower())
    shares = (sum(sign in of for sign in letters) / max(1, len(letters)) for of in LANGUAGES[encoding])
    return max(shares)


def _is_in_one_case(word: str) -> bool:
    return word.islower() or word.isupper() or (word[0].isupper() and word[1:].islower())


def _in_word(word: str) -> int:
    """How many letters beyond ASCII a word has, where it is one that people write."""
    beyond = sum(sign > "\x7f" for sign in word)
    return beyond if _is_in_one_case(word) and (2 * beyond <= len(word) + 1 and len(word) > 1 or word in "àÀ") else 0
