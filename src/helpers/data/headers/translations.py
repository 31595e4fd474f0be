"""Headers by what they mean in Italian, Japanese, Korean, Russian, Polish, Swedish, Danish, Dutch, Turkish and Arabic,
folded; see `vocabulary`.
"""

from __future__ import annotations

CUSTOMER = (
    "codice_cliente id_cliente numero_cliente cliente 顧客id 顧客番号 顧客コード 会員番号 会員id "
    "お客様番号 得意先コード 顧客  "
    "고객번호 고객id 고객_번호 고객_id 고객코드 회원번호 회원id 회원아이디 구매자id 고객 회원 "
    "номер_клиента код_клиента id_клиента ид_клиента клиент покупатель id_покупателя контрагент "
    "nr_klienta numer_klienta id_klienta kod_klienta klient kundnr kundnummer kund_id kund kundenr kunde_id "
    "klantnummer klantnr klant_id klant müşteri_no müşteri_id müşteri_kodu müşteri رقم_العميل العميل"
)
ORDERED_AT = (
    "data_ordine data_acquisto data_fattura 注文日 注文日時 受注日 受注日時 購入日 購入日時 売上日 取引日 日付 "
    "주문일 주문일자 주문일시 주문날짜 주문시간 결제일 결제일시 구매일 구매일자 거래일자 일자 날짜 "
    "дата_заказа дата_покупки дата_продажи дата_оплаты дата "
    "data_zamówienia data_sprzedaży data_wystawienia orderdatum beställningsdatum fakturadatum ordredato fakturadato "
    "besteldatum factuurdatum sipariş_tarihi fatura_tarihi tarih تاريخ_الطلب التاريخ"
)
ORDER_ID = (
    "numero_ordine id_ordine codice_ordine n_ordine ordine numero_fattura 注文番号 注文id 受注番号 伝票番号 取引番号 "
    "주문번호 주문_번호 주문id 거래번호 결제번호 номер_заказа id_заказа код_заказа заказ номер_чека чек "
    "nr_zamówienia numer_zamówienia nr_faktury numer_faktury ordernr ordernummer beställningsnummer fakturanr "
    "fakturanummer ordrenr ordrenummer bestelnummer bestelnr factuurnummer sipariş_no sipariş_numarası fatura_no "
    "رقم_الطلب"
)
AMOUNT = (
    "importo importo_totale totale totale_ordine prezzo_totale 合計金額 金額 注文金額 購入金額 請求金額 "
    "支払金額 売上金額 売上  "
    "総額 합계금액 결제금액 주문금액 총금액 총_금액 구매금액 판매금액 금액 매출 сумма сумма_заказа итого "
    "стоимость выручка kwota kwota_brutto wartość wartość_zamówienia wartość_brutto belopp totalbelopp ordersumma "
    "beløb beløp totaal totaalbedrag orderbedrag bedrag tutar toplam toplam_tutar genel_toplam المبلغ الإجمالي"
)
QUANTITY = (
    "quantita pezzi 個数 数量 購入数 注文数 수량 구매수량 주문수량 количество кол_во шт ilość antal aantal miktar adet "
    "الكمية"
)
PRICE = (
    "prezzo prezzo_unitario 価格 販売価格 단가 가격 판매가 цена цена_за_единицу cena_jednostkowa cena pris prijs "
    "birim_fiyat السعر"
)
PRODUCT = (
    "codice_prodotto id_prodotto codice_articolo articolo prodotto 商品コード 商品番号 商品id 品番 商品名 "
    "商品 상품코드 상품번호  "
    "상품id 상품명 제품코드 제품명 상품 제품 артикул код_товара id_товара товар наименование номенклатура"
)
JOINED_AT = (
    "data_registrazione data_iscrizione 登録日 登録日時 入会日 会員登録日 가입일 가입일자 가입일시 등록일 "
    "дата_регистрации"
)
SCORE = "punteggio valutazione voto 評価 点数 スコア 満足度 평점 점수 만족도 별점 оценка балл"

TRANSLATIONS: dict[str, str] = {
    "orders.order_id": ORDER_ID,
    "orders.ordered_at": ORDERED_AT,
    "orders.amount": AMOUNT,
    "orders.refund": "rimborso 返金額 返金 환불금액 환불액 возврат сумма_возврата",
    "orders.discount": "sconto 割引 割引額 値引き 할인금액 할인액 할인 скидка",
    "orders.status": "stato ステータス 注文状況 状態 주문상태 상태 статус статус_заказа",
    "order_items.order_id": ORDER_ID,
    "order_items.ordered_at": ORDERED_AT,
    "order_items.amount": AMOUNT,
    "order_items.quantity": QUANTITY,
    "order_items.unit_price": PRICE,
    "order_items.product_id": PRODUCT,
    "order_items.category": "カテゴリ カテゴリー 分類 카테고리 분류 категория",
    "products.product_id": PRODUCT,
    "products.price": PRICE,
    "customers.joined_at": JOINED_AT,
    "customers.city": "citta 市区町村 도시 시군구 город",
    "customers.province": "provincia regione 都道府県 시도 지역 регион область",
    "customers.country": "paese nazione 国 국가 страна",
    "customers.gender": "sesso 性別 성별 пол",
    "customers.born_on": "data_di_nascita data_nascita 生年月日 誕生日 생년월일 생일 дата_рождения",
    "customers.level": "livello 会員ランク ランク 회원등급 등급 уровень",
    "surveys.score": SCORE,
    "surveys.answered_at": "data_risposta 回答日 回答日時 評価日 응답일 응답일시 작성일 дата_ответа дата_отзыва",
    "tickets.ticket_id": "問い合わせ番号 受付番号 문의번호 접수번호 номер_обращения",
    "tickets.opened_at": "data_apertura 受付日 受付日時 문의일 접수일 접수일시 дата_обращения",
    "tickets.closed_at": "data_chiusura 完了日 対応完了日 처리일 완료일 дата_закрытия",
    "subscriptions.started_at": "data_inizio 開始日 契約開始日 시작일 시작일자 дата_начала",
    "subscriptions.ended_at": "data_fine 終了日 解約日 契約終了日 종료일 해지일 만료일 дата_окончания",
}
