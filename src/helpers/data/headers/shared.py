"""Words of headers that mean the same in several tables, folded."""

from __future__ import annotations

from helpers.data.headers.translations import CUSTOMER as IN_TRANSLATION

CUSTOMER = (
    "customer_id customerid customer_unique_id user_id userid uid client_id member_id buyer_id household_id "
    "account_id contact_id subscriber_id person_id visitor_id shopper_id guest_id cust_id customer_no "
    "customer_number customer_code client_no user_no member_no membership_no loyalty_id card_id customer user "
    "client member buyer cust account_name_id contact_name_id account_name contact_name customer_name_id "
    "customer_email user_email email 客户id 客户编号 客户号 客户编码 客户代码 会员id 会员编号 会员号 会员卡号 "
    "用户id 用户编号 用户名 买家id 买家编号 买家会员名 顾客id 顾客编号 客户 会员 用户 买家 顾客 账号 帐号 kundennummer "
    "kunden_nr kunden_id kundennr kundenid kunde id_cliente cliente_id clienteid codigo_cliente cod_cliente "
    "numero_cliente cliente numero_client n_client n_cliente no_client code_client id_client client_numero "
    "debitor debitorennr kunnr auftraggeber partner_id requester_id requester associated_company_id id_usuario "
    "usuario clientnum client_num cust_num customers_id account_code associated_contact_ids "
    "associated_company_ids associated_contact associated_company 往来单位 购货单位 客户简称 "
    + IN_TRANSLATION
    + " customer_phone phone phone_number mobile mobile_number mobile_phone 手机号 手机号码 手机 会员手机号 "
    + "联系电话 电话 身份证号 "
    "from_email_address absender_e_mail_adresse"
)
CHANNEL = (
    "channel source medium lead_source utm_source platform origin 渠道 来源 来源渠道 平台 kanal quelle canal "
    "origen origem"
)
CATEGORY = (
    "category department product_category product_category_name type subcategory reason topic class 类别 品类 "
    "分类 类目 商品类别 类型 kategorie warengruppe categoria catégorie categorie"
)
OWNER = (
    "owner owner_name owner_id account_owner contact_owner account_manager sales_rep salesperson assigned_to assignee "
    "负责人 客户经理 跟进人 归属人 归属销售 销售顾问 专属顾问 业务员 导购 betreuer kundenbetreuer vendedor comercial "
    "responsable"
)
ACTION_KEY = "action_key action_id task_id plan_key plan_id activity_id 动作编号 任务编号 任务id 计划编号"
