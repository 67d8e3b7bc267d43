package io.tradewind.gateway.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.tradewind.contracts.orders.DenialCode;
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
                        "AAPL",
                        BigDecimal.TEN,
                        Side.BUY,
                        OrderType.MARKET,
                        TimeInForce.DAY,
                        null,
                        Priority.NORMAL),
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
                        "BTC/USD",
                        new BigDecimal("0.25"),
                        Side.SELL,
                        OrderType.LIMIT,
                        TimeInForce.GTC,
                        new BigDecimal("65000.5"),
                        Priority.HIGH),
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
                "{'type':'stop'}                       | REQUEST_UNSUPPORTED   | type",
                "{'type':'stop_limit'}                 | REQUEST_UNSUPPORTED   | type",
                "{'type':'trailing_stop'}              | REQUEST_UNSUPPORTED   | type",
                "{'time_in_force':'week'}              | REQUEST_FIELD_INVALID | time_in_force",
                "{'time_in_force':'opg'}               | REQUEST_UNSUPPORTED   | time_in_force",
                "{'time_in_force':'cls'}               | REQUEST_UNSUPPORTED   | time_in_force",
                "{'priority':'urgent'}                 | REQUEST_FIELD_INVALID | priority",
                "{'extended_hours':true}               | REQUEST_UNSUPPORTED   | extended_hours",
                "{'extended_hours':'no'}               | REQUEST_FIELD_INVALID | extended_hours",
                "{'order_class':'bracket'}             | REQUEST_UNSUPPORTED   | order_class",
                "{'order_class':'pair'}                | REQUEST_FIELD_INVALID | order_class",
                "{'client_order_id':''}                | REQUEST_FIELD_INVALID | client_order_id",
                "{'client_order_id':7}                 | REQUEST_FIELD_INVALID | client_order_id",
                "{'client_order_id':'a\\ud800b'}        | REQUEST_FIELD_INVALID | client_order_id",
                "{'notional':'100'}                    | REQUEST_UNSUPPORTED   | notional",
                "{'stop_price':1}                      | REQUEST_UNSUPPORTED   | stop_price",
                "{'take_profit':{'limit_price':1}}     | REQUEST_UNSUPPORTED   | take_profit",
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
