"""Headers by what they mean in the tables of a customer programme, folded; see `vocabulary`."""

from __future__ import annotations

from helpers.data.headers.shared import ACTION_KEY, CATEGORY, CHANNEL, OWNER

PLANNED_AT = "planned_at planned_on plan_date created_at created_time create_time 计划时间 计划日期 创建时间 下达时间"
COST = "cost costs expense expenses 成本 费用 花费 kosten costo cout custo"

PROGRAMME: dict[str, str] = {
    "products.category": CATEGORY,
    "products.family": (
        "family product_family product_line series model spu sub_category subcategory 系列 产品系列 商品系列 型号 "
        "子类别 子类目 二级类目 小类 serie gama gamme"
    ),
    "products.price": (
        "price list_price unit_price retail_price standard_price msrp 价格 标价 零售价 售价 单价 吊牌价 preis precio "
        "preco prix"
    ),
    "products.cost": (
        "cost unit_cost cost_price purchase_price 成本 成本价 进价 采购价 einkaufspreis costo coste cout custo"
    ),
    "products.stock": (
        "stock inventory stock_quantity qty_in_stock quantity_in_stock on_hand available 库存 库存数量 可用库存 "
        "现有库存 bestand existencias estoque"
    ),
    "products.sold_from": (
        "sold_from launch_date launched_at available_from listed_at 上架时间 上架日期 开售日期 上市日期"
    ),
    "products.sold_until": (
        "sold_until discontinued_on discontinued_at discontinued_date end_of_sale available_until 下架时间 下架日期 "
        "停售日期"
    ),
    "products.once": "once one_time one_off 一次性 只买一次",
    "consents.channel": "consent_channel contact_channel 授权渠道 触达渠道 " + CHANNEL,
    "consents.asked_at": (
        "asked_at consent_date consented_at consent_time given_at signed_at date timestamp 授权时间 授权日期 同意时间 "
        "签署时间 更新时间 datum fecha data"
    ),
    "consents.given": (
        "given consent consented opted_in opt_in agreed accepted granted subscribed 是否同意 是否授权 同意 授权 "
        "einwilligung consentimiento consentement consentimento"
    ),
    "planned_actions.action_key": ACTION_KEY,
    "planned_actions.action": "action action_name task task_name play 动作 动作名称 任务 任务名称 任务类型",
    "planned_actions.arm": "arm group test_group holdout_group holdout treatment 组别 分组 对照组 是否对照",
    "planned_actions.planned_at": PLANNED_AT,
    "planned_actions.due_on": "due_on due_date due_at deadline 到期日 截止日期 截止时间 计划完成日期 应完成日期",
    "planned_actions.channel": CHANNEL,
    "planned_actions.owner": OWNER,
    "leads.lead_id": "lead_id leadid lead_no lead_number lead prospect_id 线索id 线索编号 线索号 线索",
    "leads.created_at": (
        "created_at created_time create_time created created_on creation_date lead_date 创建时间 创建日期 线索时间 "
        "录入时间"
    ),
    "leads.source": "source lead_source utm_source origin lead_origin 来源 线索来源 来源渠道 " + CHANNEL,
    "leads.owner": OWNER,
    "leads.converted_at": (
        "converted_at converted_time conversion_time conversion_date converted_date converted_on won_at won_date "
        "转化时间 转化日期 转换时间 转客户时间 成交时间"
    ),
    "leads.updated_at": "updated_at modified_time last_modified_time last_modified 修改时间 更新时间 最后修改时间",
    "planned_actions.holdout_share": "holdout_share holdout_rate control_share 留出比例 对照比例",
    "planned_actions.season": "season 季 计划季",
    "planned_actions.cost": COST,
    "action_results.action_key": ACTION_KEY,
    "action_results.planned_at": PLANNED_AT,
    "action_results.done_at": (
        "done_at completed_at completed_time closed_at closed_time 完成时间 完成日期 实际完成时间 办结时间"
    ),
    "action_results.status": "status result outcome state 状态 结果 执行结果 完成情况 任务状态",
    "action_results.cost": COST,
    "points.moved_at": (
        "moved_at booked_at transaction_date transaction_time created_at date time 变动时间 变动日期 入账时间 "
        "发生时间 时间 日期"
    ),
    "points.points": "points points_change points_delta delta 积分 积分变动 变动积分 积分数 积分值",
    "spending.channel": (
        "channel marketing_channel ad_channel media_channel platform media source utm_source 渠道 推广渠道 "
        "投放渠道 广告渠道 来源渠道 平台 媒体 kanal canal"
    ),
    "spending.month": (
        "month year_month period date day spend_date 月份 月 年月 投放月份 统计月份 日期 投放日期 统计日期 "
        "monat mes mois"
    ),
    "spending.cost": (
        "cost costs spend ad_spend ad_cost marketing_spend amount_spent total_spend spending expense expenses "
        "budget_spent 花费 投放费用 推广费 推广费用 广告费 广告费用 营销费用 投放金额 投放花费 消耗 费用 成本 "
        "kosten ausgaben gasto costo cout depense"
    ),
    "points.reason": "reason movement_type transaction_type type action 变动类型 变动原因 积分类型 原因 类型",
}
