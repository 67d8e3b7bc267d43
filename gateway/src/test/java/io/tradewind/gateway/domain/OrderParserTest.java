package io.tradewind.gateway.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.tradewind.contracts.orders.DenialCode;
import io.tradewind.contracts.orders.OrderClass;
import io.tradewind.contracts.orders.OrderExits;
import io.tradewind.contracts.orders.OrderTerms;
import io.tradewind.contracts.orders.OrderType;
import io.tradewind.contracts.orders.Priority;
import io.tradewind.contracts.orders.Side;
import io.tradewind.contracts.orders.TimeInForce;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrderParserTest {

    private static final String MARKET =
            "{'symbol':'AAPL','qty':'10','side':'buy','type':'market','time_in_force':'day'%s}";

    @Test
    void shouldReadAMarketOrderWithDefaults() {
        OrderParser.Form form = parse(MARKET.formatted("")).form();

        assertEquals(
                new OrderParser.Form(
                        null,
                        OrderTerms.of("AAPL", Side.BUY).qty(BigDecimal.TEN).build()),
                form);
    }

    @Test
    void shouldReadEveryFieldAndNumbersAsTextOrNumbers() {
        OrderParser.Form form = parse(
                        "{'client_order_id':'c-1','symbol':'BTC/USD','qty':0.250,'side':'sell','type':'limit',"
                                + "'time_in_force':'gtc','limit_price':'65000.50','priority':'high','extended_hours':false,"
                                + "'order_class':'simple','stop_price':null}")
                .form();

        assertEquals(
                new OrderParser.Form(
                        "c-1",
                        OrderTerms.of("BTC/USD", Side.SELL)
                                .qty(new BigDecimal("0.25"))
                                .type(OrderType.LIMIT)
                                .timeInForce(TimeInForce.GTC)
                                .limitPrice(new BigDecimal("65000.5"))
                                .priority(Priority.HIGH)
                                .build()),
                form);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "                                      | REQUEST_MALFORMED     |",
                "{                                     | REQUEST_MALFORMED     |",
                "[]                                    | REQUEST_MALFORMED     |",
                "null                                  | REQUEST_MALFORMED     |",
                "{} {}                                 | REQUEST_MALFORMED     |",
                "{'symbol':'A','symbol':'B'}           | REQUEST_MALFORMED     | symbol",
                "{'qty':NaN}                           | REQUEST_MALFORMED     |",
                "{'qty':01}                            | REQUEST_MALFORMED     |",
                "{'symbol':1}                          | REQUEST_FIELD_INVALID | symbol",
                "{'symbol':''}                         | REQUEST_FIELD_INVALID | symbol",
                "{'symbol':'A B'}                      | REQUEST_FIELD_INVALID | symbol",
                "{'qty':'-1'}                          | REQUEST_FIELD_INVALID | qty",
                "{'qty':-1}                            | REQUEST_FIELD_INVALID | qty",
                "{'qty':0}                             | REQUEST_FIELD_INVALID | qty",
                "{'qty':'0.000'}                       | REQUEST_FIELD_INVALID | qty",
                "{'qty':'ten'}                         | REQUEST_FIELD_INVALID | qty",
                "{'qty':''}                            | REQUEST_FIELD_INVALID | qty",
                "{'qty':1e5}                           | REQUEST_FIELD_INVALID | qty",
                "{'qty':'1e999999999'}                 | REQUEST_FIELD_INVALID | qty",
                "{'qty':99999999999999999999}          | REQUEST_FIELD_INVALID | qty",
                "{'qty':true}                          | REQUEST_FIELD_INVALID | qty",
                "{'qty':{}}                            | REQUEST_FIELD_INVALID | qty",
                "{'limit_price':'-5'}                  | REQUEST_FIELD_INVALID | limit_price",
                "{'side':'hold'}                       | REQUEST_FIELD_INVALID | side",
                "{'side':'BUY'}                        | REQUEST_FIELD_INVALID | side",
                "{'side':['buy']}                      | REQUEST_FIELD_INVALID | side",
                "{'type':'peg'}                        | REQUEST_FIELD_INVALID | type",
                "{'time_in_force':'week'}              | REQUEST_FIELD_INVALID | time_in_force",
                "{'priority':'urgent'}                 | REQUEST_FIELD_INVALID | priority",
                "{'extended_hours':true}               | REQUEST_UNSUPPORTED   | extended_hours",
                "{'extended_hours':'no'}               | REQUEST_FIELD_INVALID | extended_hours",
                "{'order_class':'pair'}                | REQUEST_FIELD_INVALID | order_class",
                "{'client_order_id':''}                | REQUEST_FIELD_INVALID | client_order_id",
                "{'client_order_id':7}                 | REQUEST_FIELD_INVALID | client_order_id",
                "{'client_order_id':'a\\ud800b'}        | REQUEST_FIELD_INVALID | client_order_id",
                "{'order_class':'mleg'}                | REQUEST_UNSUPPORTED   | order_class",
                "{'notional':'0'}                      | REQUEST_FIELD_INVALID | notional",
                "{'stop_price':'-1'}                   | REQUEST_FIELD_INVALID | stop_price",
                "{'take_profit':5}                     | REQUEST_FIELD_INVALID | take_profit",
                "{'take_profit':{'limit':5}}           | REQUEST_FIELD_UNKNOWN | take_profit.limit",
                "{'stop_loss':{'stop_price':0}}        | REQUEST_FIELD_INVALID | stop_loss.stop_price",
                "{'stop_loss':{'stop_price':[]}}       | REQUEST_FIELD_INVALID | stop_loss.stop_price",
                "{'take_profit':{'limit_price':1,'limit_price':1}} | REQUEST_MALFORMED | take_profit.limit_price",
                "{'legs':[]}                           | REQUEST_UNSUPPORTED   | legs",
                "{'limitprice':'5'}                    | REQUEST_FIELD_UNKNOWN | limitprice",
                "{'limit_Price':null}                  | REQUEST_FIELD_UNKNOWN | limit_Price"
            })
    void shouldRefuseAndNameTheField(String json, DenialCode code, String field) {
        OrderParser.Result result = parse(json == null ? "" : json);

        assertNull(result.form());
        assertEquals(code, result.denial().code(), result.denial().message());
        assertEquals(field, result.denial().field(), result.denial().message());
        assertNotNull(result.denial().message());
    }

    @ParameterizedTest
    @CsvSource({"symbol", "qty", "side", "type", "time_in_force"})
    void shouldNameARequiredFieldThatIsMissing(String field) {
        String without =
                MARKET.formatted("").replaceAll("'" + field + "':'[^']*',?", "").replace(",}", "}");

        OrderParser.Result result = parse(without);

        assertEquals(DenialCode.REQUEST_FIELD_INVALID, result.denial().code());
        assertEquals(field, result.denial().field());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "qty:'1'                                                            | market        | gtc |",
                "notional:'100.5'                                                   | market        | day |",
                "notional:'100.5',qty:'1'                                           | market        | day | notional",
                "qty:'1',limit_price:'5'                                            | stop_limit    | day | stop_price",
                "qty:'1',stop_price:'5'                                             | stop_limit    | day | limit_price",
                "qty:'1',stop_price:'5',limit_price:'6'                             | stop_limit    | gtc |",
                "qty:'1',stop_price:'5'                                             | stop          | day |",
                "qty:'1',stop_price:'5'                                             | stop          | ioc | time_in_force",
                "qty:'1',stop_price:'5',limit_price:'6'                             | stop          | day | limit_price",
                "qty:'1',stop_price:'5'                                             | limit         | day | limit_price",
                "qty:'1',stop_price:'5'                                             | market        | day | stop_price",
                "qty:'1'                                                            | trailing_stop | day | trail_price",
                "qty:'1',trail_price:'5'                                            | trailing_stop | day |",
                "qty:'1',trail_percent:'5'                                          | trailing_stop | gtc |",
                "qty:'1',trail_percent:'100'                                        | trailing_stop | gtc | trail_percent",
                "qty:'1',trail_price:'5',trail_percent:'5'                          | trailing_stop | day | trail_percent",
                "qty:'1',trail_price:'5'                                            | market        | day | trail_price",
                "qty:'1',trail_price:'5'                                            | trailing_stop | fok | time_in_force",
                "qty:'1',limit_price:'5'                                            | limit         | opg |",
                "qty:'1'                                                            | market        | cls |",
                "qty:'1',take_profit:{limit_price:'5'}                              | market        | day | take_profit",
                "qty:'1',stop_loss:{stop_price:'5'}                                 | market        | day | stop_loss",
                "order_class:'bracket',qty:'1',take_profit:{limit_price:'5'}        | market        | day | stop_loss",
                "order_class:'bracket',qty:'1',stop_loss:{stop_price:'5'}           | market        | day | take_profit",
                "order_class:'bracket',qty:'1',take_profit:{limit_price:'5'},stop_loss:{} | market  | day | stop_loss.stop_price",
                "order_class:'bracket',qty:'1',take_profit:{limit_price:'5'},stop_loss:{stop_price:'3',limit_price:'2.5'} | market | day |",
                "order_class:'bracket',notional:'1',take_profit:{limit_price:'5'},stop_loss:{stop_price:'3'} | market | day | notional",
                "order_class:'bracket',qty:'1',take_profit:{limit_price:'3'},stop_loss:{stop_price:'3'} | market | day | take_profit.limit_price",
                "order_class:'bracket',qty:'1',take_profit:{limit_price:'5'},stop_loss:{stop_price:'3'} | market | ioc | time_in_force",
                "order_class:'bracket',qty:'1',limit_price:'6',take_profit:{limit_price:'5'},stop_loss:{stop_price:'3'} | limit | day | take_profit.limit_price",
                "order_class:'bracket',qty:'1',limit_price:'2',take_profit:{limit_price:'5'},stop_loss:{stop_price:'3'} | limit | day | stop_loss.stop_price",
                "order_class:'bracket',qty:'1',stop_price:'4',take_profit:{limit_price:'5'},stop_loss:{stop_price:'3'} | stop | day | type",
                "order_class:'oto',qty:'1',take_profit:{limit_price:'5'}            | market        | gtc |",
                "order_class:'oto',qty:'1'                                          | market        | gtc | take_profit",
                "order_class:'oto',qty:'1',take_profit:{limit_price:'5'},stop_loss:{stop_price:'3'} | market | gtc | take_profit",
                "order_class:'oco',qty:'1',take_profit:{limit_price:'3'},stop_loss:{stop_price:'5'} | limit | gtc |",
                "order_class:'oco',qty:'1',take_profit:{limit_price:'5'},stop_loss:{stop_price:'3'} | limit | gtc | take_profit.limit_price",
                "order_class:'oco',qty:'1',take_profit:{limit_price:'3'},stop_loss:{stop_price:'5'} | market | gtc | type",
                "order_class:'oco',qty:'1',limit_price:'4',take_profit:{limit_price:'3'},stop_loss:{stop_price:'5'} | limit | gtc | limit_price"
            })
    void shouldJudgeWhatGoesTogether(String fields, String type, String timeInForce, String wrong) {
        String json =
                "{symbol:'AAPL',side:'buy',type:'" + type + "',time_in_force:'" + timeInForce + "'," + fields + "}";
        OrderParser.Result result = parse(json.replaceAll("([a-z_]+):", "'$1':"));
        assertEquals(
                wrong, result.denial() == null ? null : result.denial().field(), () -> String.valueOf(result.denial()));
        assertEquals(wrong == null, result.form() != null);
    }

    @Test
    void shouldTakeTheTakeProfitOfAnOcoOrderForItsLimit() {
        OrderTerms terms = parse("{'symbol':'AAPL','qty':'1','side':'sell','type':'limit','time_in_force':'gtc',"
                        + "'order_class':'oco','take_profit':{'limit_price':'9'},"
                        + "'stop_loss':{'stop_price':'5','limit_price':'4'}}")
                .form()
                .terms();
        assertEquals(new BigDecimal("9"), terms.limitPrice());
        assertEquals(
                new OrderExits(OrderClass.OCO, new BigDecimal("9"), new BigDecimal("5"), new BigDecimal("4")),
                terms.exits());
    }

    @Test
    void shouldTieTheLimitPriceToLimitOrders() {
        assertEquals(
                "limit_price",
                parse(MARKET.formatted(",'limit_price':'5'")).denial().field());
        assertEquals(
                "limit_price",
                parse(MARKET.formatted("").replace("market", "limit")).denial().field());
    }

    @Test
    void shouldTellTheClientOrderIdOfARefusedOrder() {
        assertEquals("mine", parse("{'client_order_id':'mine','qty':-1}").clientOrderId());
    }

    @Test
    void shouldRefuseAClientOrderIdThatIsTooLong() {
        String id = "x".repeat(129);

        assertEquals(
                "client_order_id",
                parse("{'client_order_id':'" + id + "'}").denial().field());
        assertNotNull(parse(MARKET.formatted(",'client_order_id':'" + id.substring(1) + "'"))
                .form());
    }

    @Test
    void shouldNeverThrowWhateverTheBytesAre() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        byte[] good = MARKET.formatted(",'limit_price':null").replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = good.clone();
            for (int change = random.nextInt(4); change >= 0; change--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            OrderParser.Result result = OrderParser.parse(bytes, random.nextInt(bytes.length + 1));
            assertEquals(result.form() == null, result.denial() != null, () -> "seed " + seed);
        }
    }

    private static OrderParser.Result parse(String json) {
        byte[] bytes = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return OrderParser.parse(bytes, bytes.length);
    }
}
