"""What the demo sells: products with categories, prices, costs and stock, and how popular each is."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.data.synthetic.clock import NEVER, day_number
from helpers.data.synthetic.draws import uniforms

CATEGORIES = {  # category → a typical price in CNY
    "服饰": 129,
    "美妆": 149,
    "食品": 39,
    "家居": 89,
    "母婴": 119,
    "数码": 399,
    "图书": 36,
    "运动": 179,
    "宠物": 69,
    "家电": 599,
}
FAMILIES = {
    "服饰": ("上衣", "裤裙", "鞋包"),
    "美妆": ("护肤", "彩妆", "洗护"),
    "食品": ("零食", "粮油", "饮品"),
    "家居": ("床品", "收纳", "餐具"),
    "母婴": ("童装", "玩具", "洗护用品"),
    "数码": ("手机", "耳机", "智能穿戴"),
    "图书": ("文学", "童书", "教辅"),
    "运动": ("健身", "户外", "球类"),
    "宠物": ("猫粮", "狗粮", "猫砂"),
    "家电": ("厨房电器", "清洁电器", "生活电器"),
}
NAMES = {  # family → what its four products are called
    "上衣": "纯棉T恤 针织开衫 牛津衬衫 连帽卫衣", "裤裙": "直筒牛仔裤 百褶半身裙 运动长裤 亚麻阔腿裤",
    "鞋包": "小白鞋 帆布双肩包 马丁靴 斜挎小包", "护肤": "保湿面霜 玻尿酸精华 防晒乳 氨基酸洁面",
    "彩妆": "丝绒口红 气垫粉底 眼影盘 睫毛膏", "洗护": "蓬松洗发水 护发精油 沐浴露 身体乳",
    "零食": "每日坚果 海苔脆片 牛肉干 全麦饼干", "粮油": "东北大米 初榨橄榄油 荞麦面 花生油",
    "饮品": "冻干咖啡 茉莉花茶 燕麦奶 气泡水", "床品": "纯棉四件套 乳胶枕 羽绒被 夏凉毯",
    "收纳": "衣物收纳箱 抽屉分隔盒 挂式置物架 真空压缩袋", "餐具": "陶瓷碗套装 玻璃水杯 不锈钢餐勺 保温饭盒",
    "童装": "婴儿连体衣 儿童羽绒服 卡通睡衣 学步鞋", "玩具": "积木套装 毛绒小熊 益智拼图 遥控小车",
    "洗护用品": "婴儿洗发沐浴露 护臀膏 婴儿湿巾 宝宝润肤霜", "手机": "5G手机 拍照手机 折叠屏手机 长续航手机",
    "耳机": "真无线耳机 头戴降噪耳机 运动耳机 有线耳机", "智能穿戴": "智能手表 运动手环 儿童手表 智能眼镜",
    "文学": "长篇小说 散文集 诗词选 短篇小说集", "童书": "绘本故事 科普百科 拼音读物 立体书",
    "教辅": "数学练习册 英语词汇书 作文精选 真题集", "健身": "瑜伽垫 可调哑铃 弹力带 健腹轮",
    "户外": "露营帐篷 登山杖 速干冲锋衣 折叠椅", "球类": "羽毛球拍 比赛篮球 乒乓球拍 训练足球",
    "猫粮": "成猫全价粮 幼猫奶糕 冻干猫粮 猫条零食", "狗粮": "小型犬粮 大型犬粮 幼犬粮 磨牙棒",
    "猫砂": "豆腐猫砂 膨润土猫砂 混合猫砂 松木猫砂", "厨房电器": "电饭煲 空气炸锅 破壁机 电水壶",
    "清洁电器": "无线吸尘器 扫地机器人 洗地机 除螨仪", "生活电器": "加湿器 电风扇 挂烫机 暖风机",
}  # fmt: skip
PRODUCTS, BESTSELLERS = 120, 5
COVER, COVER_FAMILY, COVER_NAME, COVER_CENTS = 5, "手机壳", "透明手机壳", 2_990  # an accessory among the devices
DEVICES, ONCE, CONSUMED = "数码", "家电", ("食品", "宠物")  # categories
ENDED = {
    58: "2025-06-30",
    71: "2025-08-31",
    84: "2025-10-15",
    97: "2025-11-30",
}  # product → last day on which it is sold
OUT_OF_STOCK = (15, 27, 36, 44, 52, 63)

POPULARITY = np.concatenate(  # of 12,000 ordinary lines; the first five are bestsellers
    [[840, 820, 800, 780, 760], np.floor(1_690 / (1 + np.arange(115) / 9) ** 0.75 * 0.1416).astype(int)]
)
CATEGORY = np.arange(PRODUCTS) % len(CATEGORIES)  # of each product, its place in CATEGORIES


def within(category: str) -> np.ndarray:
    """Whether each product is of `category`."""
    return CATEGORY == list(CATEGORIES).index(category)


IS_ONCE, IS_CONSUMED = within(ONCE), np.any([within(each) for each in CONSUMED], axis=0)
IS_DEVICE = within(DEVICES) & (np.arange(PRODUCTS) != COVER)
ORDINARY_WEIGHTS = tuple(  # categories by popularity, but for what nobody needs twice: nobody has a taste for that
    int(POPULARITY[within(each) & ~IS_ONCE].sum()) for each in CATEGORIES
)


def products() -> pd.DataFrame:
    """One row a product by number: name, category, family, price and cost in cents, stock, sold_until (day), once."""
    rng = uniforms("goods")
    typical = np.array(list(CATEGORIES.values()))[CATEGORY]
    price = 100 * np.floor(typical * (0.5 + rng.random(PRODUCTS))).astype(int) + 90  # cents: ….90
    price[COVER] = COVER_CENTS
    stock = 20 + np.floor(180 * rng.random(PRODUCTS)).astype(int)
    stock[list(OUT_OF_STOCK)] = 0
    stock[list(ENDED)] = 0
    names = list(CATEGORIES)
    family = np.array([FAMILIES[names[each % len(names)]][each // len(names) % 3] for each in range(PRODUCTS)], object)
    called = [NAMES[each].split()[place // len(NAMES)] for place, each in enumerate(family)]
    family[COVER], called[COVER] = COVER_FAMILY, COVER_NAME
    return pd.DataFrame(
        {
            "name": called,
            "category": np.array(names)[CATEGORY],
            "family": family,
            "price": price,
            "cost": np.floor(price * (0.45 + 0.3 * rng.random(PRODUCTS))).astype(int),
            "stock": stock,
            "sold_until": [day_number(ENDED[each]) if each in ENDED else NEVER for each in range(PRODUCTS)],
            "once": IS_ONCE,
        }
    )
