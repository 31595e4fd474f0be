"""Words of headers and of file names that say what kind of thing stands there, folded."""

from __future__ import annotations

OUTCOMES = (
    "visit visited converted conversion convert click clicked open opened spend spent purchase purchased bought "
    "revenue sales retained retention_1 retention_7 sum_gamerounds signup signed_up subscribed responded response "
    "order_value orders profit 转化 是否转化 点击 是否点击 打开 购买 是否购买 消费 消费金额 访问 是否访问 成交"
)

# Words of headers whose values change while somebody is a customer.
STATES = (
    "level tier grade vip points balance score status stage segment total cumulative lifetime ltv clv last "
    "latest recent spent visits orders logins 等级 级别 积分 余额 评分 得分 状态 累计 最近 次数 活跃 分层 阶段"
)

# Words of headers that say what was made of the values of many.
SQUARES = "sq squared squares square sumsq ss sum2 平方和 平方"
SUMS = "sum total of the 总和 之和 合计 总计 总"
MEANS = "mean avg average 平均 均值 人均"
SPREADS = "sd std stddev stdev deviation 标准差"

# Headers whose values are of a person: names, phones, mails, addresses, what people wrote.
PERSONAL = (
    "name email mail e_mail phone mobile tel telephone address street zip postcode postal birthday birth_date dob "
    "birthdate geburtsdatum nascimento naissance nacimiento owner ip passport comment comments message text body "
    "title note notes description subject card iban contact recipient first last surname 姓名 名称 电话 手机 邮箱 "
    "邮件 地址 收货人 身份证 生日 出生日期 出生年月日 负责人 客户经理 跟进人 业务员 微信 内容 评论 留言 描述 备注 "
    "昵称 收件人 联系 vorname nachname adresse telefon strasse plz nombre apellido direccion telefono correo nome "
    "endereco telefone nom prenom"
)

# Words of a file's name that say which table its rows are of.
FILES: dict[str, str] = {
    "customers": (
        "customer customers client clients contact contacts member members user users account accounts "
        "demographics people buyers kunden clientes 客户 会员 用户 顾客 买家 名单"
    ),
    "orders": (
        "order orders sale sales invoice invoices transaction transactions purchase purchases receipts pos "
        "deal deals opportunity opportunities bestellungen rechnungen pedidos ventas vendas facturas commandes 订单 "
        "销售 交易 消费 商机"
    ),
    "order_items": (
        "item items line lines lineitems detail details basket baskets positionen articulos itens lignes 明细 商品明细"
    ),
    "products": "product products catalogue catalog goods sku skus articles artikel produkte productos 商品 产品 货品",
    "events": (
        "event events log logs visit visits behavior behaviour clickstream activity activities redemption "
        "redemptions 行为 日志 事件 访问 浏览"
    ),
    "subscriptions": (
        "subscription subscriptions contract contracts membership memberships abos suscripciones assinaturas 合约 "
        "订阅 会籍 合同 付费会员"
    ),
    "tickets": (
        "ticket tickets case cases issue issues complaint complaints helpdesk support incidents 工单 投诉 客服 服务单"
    ),
    "surveys": (
        "survey surveys review reviews rating ratings feedback nps csat umfrage encuesta pesquisa 问卷 评价 "
        "满意度 调研 评分"
    ),
    "touches": (
        "touch touches campaign campaigns message messages mailing mailings send sends sms push email emails 触达 "
        "营销 短信 推送 活动"
    ),
    "consents": "consent consents opt_in opt_ins 授权 同意书",
    "points": "points point_movements 积分",
    "spending": "spending spend adspend adcost advertising ads 投放 推广 广告 获客成本",
    "leads": "lead leads prospects leadsobj 线索 销售线索",
    "experiments": "experiment experiments ab abtest trial test 实验 试验 分流",
}
