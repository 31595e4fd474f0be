"""Headers by what they mean, folded: English, Chinese, German, Spanish, French, Portuguese, and `translations`.

A key is `table.column` of the contract; a word of the lists may be a whole header, or a part of a longer one.
"""

from __future__ import annotations

from helpers.data.headers.programme import PROGRAMME
from helpers.data.headers.shared import ACTION_KEY, CATEGORY, CHANNEL, CUSTOMER, OWNER
from helpers.data.headers.translations import TRANSLATIONS

TEXT = (
    "text comment comments message description body review feedback 内容 评论 留言 描述 问题描述 意见 kommentar "
    "comentario commentaire"
)
CURRENCY = (
    "currency currency_code order_currency presentment_currency currencyiso 币种 货币 结算币种 币别 waehrung währung "
    "moneda divisa devise moeda waerk"
)
RATE = (
    "exchange_rate fx_rate currency_rate conversion_rate_to_base 汇率 wechselkurs umrechnungskurs tipo_de_cambio "
    "taux_de_change taxa_de_cambio"
)

PRICED = ("orders", "order_items", "subscriptions", "spending")  # tables whose rows may have currencies of their own

MEANINGS: dict[str, str] = PROGRAMME | {
    "customers.customer_id": (CUSTOMER),
    "customers.joined_at": (
        "joined_at created_at created_time create_time registered_at register_time registration_date signup_date "
        "sign_up_date joined join_date member_since first_seen customer_since date_created 注册时间 注册日期 "
        "入会时间 入会日期 加入时间 创建时间 建档时间 registriert_am fecha_registro fecha_alta date_inscription "
        "data_cadastro"
    ),
    "customers.birth_year": (
        "birth_year year_of_birth birthyear 出生年份 出生年 geburtsjahr ano_nascimento annee_naissance"
    ),
    "customers.born_on": (
        "born_on birthday birth_date birthdate date_of_birth dob 生日 出生日期 出生年月日 出生日 geburtsdatum "
        "geburtstag fecha_nacimiento fecha_de_nacimiento data_nascimento data_de_nascimento date_naissance "
        "date_de_naissance"
    ),
    "customers.lunar_birthday": "lunar_birthday is_lunar lunar 是否农历 农历",
    "customers.owner": OWNER,
    "customers.gender": "gender sex 性别 geschlecht genero sexo genre sexe",
    "customers.country": "country country_region nation country_code mailing_country 国家 国家地区 land pais pays",
    "customers.province": (
        "province state region customer_state mailing_state 省 省份 省自治区 省_自治区 bundesland provincia estado"
    ),
    "customers.city": "city town customer_city mailing_city 城市 市 所在城市 stadt ort ciudad cidade ville",
    "customers.channel": (
        "acquisition_channel signup_channel channel lead_source source 渠道 来源渠道 获客渠道 客户来源 来源"
    ),
    "customers.referred_by": "referred_by referrer_id inviter_id referrer 推荐人 推荐人id 邀请人 邀请人id",
    "customers.level": (
        "level tier customer_level member_level loyalty_tier grade vip_level 等级 会员等级 客户等级 客户级别 级别 "
        "stufe nivel niveau"
    ),
    "customers.opted_out": "opted_out opt_out email_opt_out unsubscribed do_not_contact 退订 拒收 拒绝营销",
    **dict.fromkeys((f"{table}.currency" for table in PRICED), CURRENCY),
    **dict.fromkeys((f"{table}.rate" for table in PRICED), RATE),
    "orders.order_id": (
        "order_id orderid order_no order_number order_nr order_code order_name invoice_id invoice_no invoiceno "
        "invoice_number invoice basket_id basketid basket transaction_id transactionid transaction_no receipt_id "
        "receipt_no receipt purchase_id sale_id bill_no order ticket_no txn_id 订单编号 订单号 订单id 订单 单号 "
        "交易号 交易编号 流水号 小票号 bestellnummer rechnungsnr auftragsnr n_commande n_facture no_facture "
        "n_pedido no_pedido bestell_nr bestellung auftragsnummer rechnungsnummer rechnung_nr pedido_id id_pedido "
        "numero_pedido pedido numero_commande commande_id id_commande no_commande factura n_factura "
        "transaktionscode numero_factura belegnr beleg_nr belegnummer beleg 单据编号 单据号 主订单编号 vbeln "
        "order_reference order_ref sales_order so_number verkaufsbeleg"
    ),
    "orders.ordered_at": (
        "ordered_at order_date order_time order_timestamp order_purchase_timestamp purchase_date purchased_at "
        "purchase_time invoice_date invoicedate invoice_time transaction_date transaction_time "
        "transaction_timestamp sale_date sales_date created_at created_time create_time date_created "
        "order_created_at created timestamp datetime date time day 订单日期 订单时间 下单时间 下单日期 "
        "订单创建时间 创建时间 交易时间 交易日期 购买时间 购买日期 消费时间 消费日期 成交时间 日期 时间 "
        "bestelldatum rechnungsdatum auftragsdatum kaufdatum datum fecha_pedido fecha_compra fecha_factura fecha "
        "data_pedido data_compra data date_commande date_achat date_facture 订购日期 订购时间 belegdatum "
        "buchungsdatum close_date closing_date created_date erdat"
    ),
    "orders.amount": (
        "amount paid_amount amount_paid total_paid payment_amount order_amount total total_amount grand_total "
        "order_total total_price order_value net_sales sales sales_value sales_amount gross_sales revenue "
        "payment_value subtotal dollar_value value spend money price_total sum turnover 实付金额 实付款 支付金额 "
        "付款金额 买家实际支付金额 实收金额 金额 订单金额 总金额 成交金额 买家应付货款 销售额 消费金额 应付金额 "
        "合计金额 betrag gesamtbetrag summe umsatz bestellwert gesamtpreis rechnungsbetrag importe importe_total "
        "nettobetrag bruttobetrag brutto rechnungssumme monto total_pedido valor_total valor montant montant_total "
        "montant_ttc 实付总额 价税合计 含税金额 实付 实收 应收金额 netwr nettowert"
    ),
    "orders.refund": (
        "refund refund_amount refunded_amount refunded amount_refunded 退款金额 退款 退款额 erstattung reembolso "
        "remboursement"
    ),
    "orders.paid_at": (
        "paid_at payment_date payment_time paid_date order_approved_at approved_at date_paid 付款时间 支付时间 "
        "订单付款时间 付款日期 bezahlt_am fecha_pago date_paiement data_pagamento"
    ),
    "orders.channel": "order_channel sales_channel " + CHANNEL,
    "orders.cancelled": (
        "cancelled canceled is_cancelled is_canceled returned is_returned refunded 是否取消 是否退货 退回 退货 已取消"
    ),
    "orders.status": (
        "status order_status state financial_status stage stage_name deal_stage 状态 订单状态 交易状态 阶段 销售阶段 "
        "bestellstatus estado statut etat situacao"
    ),
    "orders.discount": (
        "discount discount_amount discounts total_discount discount_total total_discounts coupon_amount 优惠金额 优惠 "
        "折扣金额 优惠额 折扣额 折扣 rabatt rabattbetrag descuento remise desconto"
    ),
    "orders.beside": (
        "tax tax_amount vat cost cost_price profit margin fee commission tip loss 税额 成本 利润 手续费 佣金 mwst "
        "steuer kosten gewinn impuesto costo ganancia tva cout marge imposto custo lucro"
    ),
    "order_items.product_id": (
        "product_id productid product_code stockcode stock_code sku item_id item_no item_code product_no "
        "article_id article_no asin upc barcode lineitem_sku good product item article goods lineitem_name "
        "product_name 产品id 商品id 商品编号 商品编码 产品编号 货号 款号 产品 商品 商品名称 artikelnummer "
        "artikel_nr artikel produkt_id producto_id id_producto sku_producto producto produto_id id_produto "
        "produto code_produit id_produit produit reference 物料编码 存货编码 matnr"
    ),
    "order_items.product_name": (
        "product_name item_name lineitem_name product_title item_title goods_name article_name product_description "
        "item_description description title name product item article goods 商品名称 产品名称 商品标题 宝贝标题 "
        "宝贝名称 商品名 产品名 品名 货品名称 标题 商品 产品 artikelbezeichnung produktname bezeichnung "
        "nombre_producto nome_produto nom_produit designation 物料名称 存货名称"
    ),
    "order_items.category": (CATEGORY),
    "order_items.family": (
        "sub_category subcategory product_subcategory product_family 子类别 子类目 二级类目 小类 商品小类 二级分类"
    ),
    "order_items.quantity": (
        "quantity qty units number_of_items count pieces lineitem_quantity number_of_units quantity_ordered "
        "number_of_cds 数量 件数 购买数量 商品数量 menge anzahl stueckzahl cantidad quantidade quantite"
    ),
    "order_items.unit_price": (
        "unit_price unitprice price price_per_unit item_price lineitem_price sale_price list_price 单价 价格 "
        "商品单价 含税单价 售价 preis einzelpreis stueckpreis precio precio_unitario preco prix prix_unitaire"
    ),
    "order_items.freight": (
        "freight freight_value shipping shipping_cost shipping_fee postage delivery_fee 运费 邮费 versand "
        "versandkosten frete envio"
    ),
    "events.event": (
        "event event_name event_type action activity behavior behaviour behavior_type type 事件 行为 行为类型 "
        "动作 操作 ereignis aktion evento accion acao evenement"
    ),
    "events.happened_at": (
        "happened_at event_time event_timestamp event_date timestamp datetime time date day visit_time visited_at "
        "redemption_date 事件时间 行为时间 访问时间 时间 日期 zeitstempel datum fecha data heure"
    ),
    "events.channel": (CHANNEL),
    "events.content": (
        "content page url page_url article path screen campaign_id coupon_upc item_id 页面 内容 链接 网址"
    ),
    "subscriptions.started_at": (
        "started_at start_date start_time begin_date started subscribed_at activated_at subscription_start "
        "contract_start valid_from activation_date 开始时间 开始日期 起始日期 生效日期 开通时间 开通日期 入会日期 "
        "startdatum beginn vertragsbeginn fecha_inicio data_inicio date_debut join_date joined_at member_since "
        "eintrittsdatum"
    ),
    "subscriptions.ended_at": (
        "ended_at end_date end_time ended cancelled_at canceled_at churn_date churned_at cancel_date "
        "cancellation_date subscription_end contract_end valid_to valid_until terminated_at expiry_date 结束时间 "
        "结束日期 到期日期 退会日期 退会时间 终止日期 失效日期 退订时间 enddatum ende vertragsende gekuendigt_am "
        "fecha_fin fecha_baja data_fim date_fin"
    ),
    "subscriptions.reason": (
        "reason churn_reason cancel_reason cancellation_reason end_reason 原因 退会原因 终止原因 取消原因 "
        "kuendigungsgrund motivo raison motif"
    ),
    "subscriptions.plan": (
        "plan plan_name contract product subscription_type tier package 套餐 方案 会员类型 订阅类型 tarif abo "
        "plano forfait"
    ),
    "subscriptions.price": (
        "price monthly_charges monthly_fee mrr fee monthly_price amount 月费 月租 资费 会费 价格 单价 preis "
        "monatspreis precio preco prix"
    ),
    "tickets.ticket_id": (
        "ticket_id ticketid ticket_no ticket_number case_id case_number case_no issue_id request_id incident_id "
        "incident_number complaint_id ticket case 工单编号 工单号 工单id 投诉编号 服务单号 案例编号 ticketnummer "
        "vorgangsnummer numero_ticket id_ticket chamado"
    ),
    "tickets.opened_at": (
        "opened_at created_at created_time created open_time opened_date date_opened date_received reported_at "
        "submitted_at complete_timestamp timestamp date 创建时间 提交时间 受理时间 开单时间 投诉时间 建单时间 "
        "erstellt_am eroeffnet_am fecha_creacion data_abertura date_creation"
    ),
    "tickets.handled_at": "handled_at assigned_at taken_at accepted_at 处理时间 接单时间 分派时间",
    "tickets.first_reply_at": (
        "first_reply_at first_response_at first_response_time first_replied_at 首次响应时间 首次回复时间"
    ),
    "tickets.closed_at": (
        "closed_at closed_date closed resolved_at solved_at date_closed resolution_date close_time 关闭时间 "
        "解决时间 完成时间 结单时间 办结时间 geschlossen_am geloest_am fecha_cierre data_fechamento date_cloture"
    ),
    "tickets.revisited_at": "revisited_at 回访时间 回访日期",
    "tickets.category": (
        "category type issue_type case_reason subject reason product topic 类别 问题类型 工单类型 投诉类型 分类 "
        "kategorie categoria categorie"
    ),
    "tickets.channel": CHANNEL + " case_origin ticket_channel via 受理渠道",
    "tickets.workgroup": (
        "workgroup group team assigned_group queue department support_section 处理组 部门 受理部门 班组 team_name "
        "abteilung equipo equipe"
    ),
    "tickets.priority": (
        "priority severity urgency seriousness 优先级 紧急程度 严重程度 prioritaet prioridad prioridade priorite"
    ),
    "tickets.complaint": "complaint is_complaint 是否投诉 投诉",
    "tickets.replies": "replies reply_count number_of_replies 回复次数 回复数",
    "tickets.reopened": "reopened reopen_count reopens 重开次数 重新打开次数",
    "tickets.text": (TEXT),
    "surveys.answered_at": (
        "answered_at response_date responded_at submitted_at review_answer_timestamp review_date reviewed_at "
        "survey_date answer_time created_at created_time timestamp date datetime 答题时间 提交时间 评价时间 "
        "填写时间 回答时间 评分时间 beantwortet_am datum fecha_respuesta fecha data_resposta data date_reponse"
    ),
    "surveys.question": "question metric survey survey_type survey_name 问题 题目 问卷 指标 frage pregunta pergunta",
    "surveys.score": (
        "score rating nps nps_score csat csat_score review_score stars grade satisfaction answer answer_value "
        "note 评分 分数 得分 满意度 星级 打分 nps分 bewertung punktzahl puntuacion calificacion nota avaliacao"
    ),
    "surveys.text": "review_comment_message " + TEXT,
    "touches.touched_at": (
        "touched_at sent_at send_time sent_date send_date sent delivered_at contacted_at start_date date "
        "timestamp 发送时间 触达时间 推送时间 联系时间 发送日期 gesendet_am fecha_envio data_envio date_envoi"
    ),
    "touches.campaign": (
        "campaign campaign_id campaign_name mailing_id 活动 活动名称 活动id 营销活动 活动编号 kampagne campana "
        "campanha campagne"
    ),
    "touches.channel": "campaign_type " + CHANNEL,
    "touches.action_key": ACTION_KEY,
    "touches.opened_at": "opened_at open_time opened 打开时间 阅读时间",
    "touches.clicked_at": "clicked_at click_time clicked 点击时间",
    "touches.purpose": "purpose message_purpose touch_purpose 目的 用途 触达目的 消息用途 发送目的 zweck objet",
    "touches.invitation": "invitation is_invitation survey_invitation is_survey 是否调研 是否问卷 是否调查 调研邀请",
    "touches.kind": "kind message_type touch_type campaign_type type category 类型 消息类型 活动类型",
    "experiments.experiment": "experiment experiment_id experiment_name test_name test 实验 实验名称 实验id 试验",
    "experiments.variant": (
        "variant arm group test_group experiment_group treatment variation bucket cell segment ab_group version "
        "组别 分组 实验组 实验分组 版本 gruppe variante grupo groupe"
    ),
    "experiments.assigned_at": (
        "assigned_at assignment_date enrolled_at timestamp assignment_time date 分组时间 入组时间"
    ),
    "experiments.exposed_at": "exposed_at exposure_time first_exposure first_exposed_at treated_at 曝光时间 触达时间",
    "experiment_totals.day": "day date assignment_date ds 日期 分组日期 入组日期 datum fecha data",
    "experiment_totals.customers": (
        "customers users visitors unique_visitors participants subjects assigned exposed sample_size samples n uv size "
        "recipients 用户数 访客数 人数 样本量 样本数 客户数 会员数 besucher teilnehmer usuarios visitantes"
    ),
}
MEANINGS |= {
    f"order_items.{column}": MEANINGS[f"orders.{column}"]
    for column in ("order_id", "ordered_at", "amount", "cancelled")
}
MEANINGS |= {f"experiment_totals.{column}": MEANINGS[f"experiments.{column}"] for column in ("experiment", "variant")}
MEANINGS |= {
    f"{table}.customer_id": CUSTOMER
    for table in (
        "orders",
        "order_items",
        "events",
        "subscriptions",
        "tickets",
        "surveys",
        "consents",
        "planned_actions",
        "action_results",
        "points",
        "leads",
    )
}
MEANINGS |= {f"products.{name}": MEANINGS[f"order_items.{name}"] for name in ("product_id", "product_name")}
MEANINGS |= {name: f"{MEANINGS[name]} {words}" for name, words in TRANSLATIONS.items()}
