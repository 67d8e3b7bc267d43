package io.tradewind.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tradewind.systemtests.harness.SharedTradewind;
import io.tradewind.systemtests.harness.TradewindProcess;
import io.tradewind.systemtests.harness.Workspace;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.WebDriver;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.support.ui.Select;
import org.openqa.selenium.support.ui.WebDriverWait;

/** The dashboard in a real browser, from signing in to a filled order, without one reload. */
@ExtendWith(SharedTradewind.class)
@Timeout(600)
class DashboardIT {

    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private static final Duration LIMIT = Duration.ofMinutes(1);

    /** Held, because its level lasts only as long as somebody holds it. */
    private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

    private Workspace profile;
    private ChromeDriver browser;

    @BeforeEach
    void openBrowser() {
        assumeTrue(
                Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER),
                "SKIPPED: the dashboard test needs " + CHROMIUM + " and " + DRIVER);
        // It warns that it does not know this browser's newest debugging protocol, which nobody here uses.
        SELENIUM.setLevel(Level.SEVERE);
        profile = Workspace.open("browser");
        ChromeOptions options = new ChromeOptions();
        options.setBinary(CHROMIUM.toFile());
        options.addArguments(List.of(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-dev-shm-usage",
                "--window-size=1400,1000",
                "--user-data-dir=" + profile.root().resolve("profile")));
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(new File(DRIVER.toString()))
                .usingAnyFreePort()
                .withTimeout(LIMIT)
                .build();
        browser = new ChromeDriver(service, options);
    }

    @AfterEach
    void closeBrowser() {
        if (browser != null) {
            browser.quit();
        }
        if (profile != null) {
            profile.close();
        }
    }

    @Test
    void shouldShowAnOrderFromTheFormToTheFill(TradewindProcess program) {
        browser.get(program.gateway().resolve("/").toString());
        signIn(program);
        // A reload would wipe this mark out.
        browser.executeScript("window.tradewindMark = 'same page'");
        awaitElement("#connection[data-state=live]");
        await("the equity is there", driver -> !text("#account-equity").equals("—"));

        List<String> before = await("the blotter", driver -> orderIds());
        placeOrder("GOOG", "3");
        String id = await("a new row in the blotter", driver -> orderIds().stream()
                .filter(each -> !before.contains(each))
                .findFirst()
                .orElse(null));
        awaitElement("#blotter tbody tr[data-order-id='" + id + "'][data-status=filled]");
        // Every quote draws the row anew: found and read within one look, or looked for again.
        await("the position", driver -> text("#positions tbody tr[data-symbol=GOOG]")
                .contains("3"));

        haltAndResume();
        assertEquals("same page", ((JavascriptExecutor) browser).executeScript("return window.tradewindMark"));
        assertEquals(List.of(), severeLogs());
    }

    private void signIn(TradewindProcess program) {
        WebElement key = await("the login form", driver -> visible("#login-key"));
        key.sendKeys(program.credential("key_id"));
        element("#login-secret").sendKeys("wrong");
        element("#login-form button[type=submit]").click();
        await("the wrong secret is refused", driver -> !text("#login-error").isEmpty());
        element("#login-secret").clear();
        element("#login-secret").sendKeys(program.credential("secret_key"));
        element("#login-form button[type=submit]").click();
        await("the dashboard", driver -> visible("#order-form"));
    }

    private void placeOrder(String symbol, String qty) {
        element("#order-symbol").sendKeys(symbol);
        new Select(element("#order-side")).selectByValue("buy");
        element("#order-qty").sendKeys(qty);
        new Select(element("#order-type")).selectByValue("market");
        element("#order-submit").click();
    }

    private void haltAndResume() {
        await("the halt button works", driver -> element("#halt-toggle").isEnabled());
        String halt = text("#halt-toggle");
        element("#halt-toggle").click();
        try {
            await("trading is halted", driver -> text("#trading-banner")
                    .toLowerCase(java.util.Locale.ROOT)
                    .contains("halted"));
            await(
                    "the button offers to resume",
                    driver -> element("#halt-toggle").isEnabled()
                            && !text("#halt-toggle").equals(halt));
        } finally {
            element("#halt-toggle").click();
        }
        await("trading is active again", driver -> text("#halt-toggle").equals(halt));
    }

    private List<String> orderIds() {
        return browser.findElements(By.cssSelector("#blotter tbody tr[data-order-id]")).stream()
                .map(row -> row.getDomAttribute("data-order-id"))
                .toList();
    }

    private List<String> severeLogs() {
        return browser.manage().logs().get("browser").getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.SEVERE.intValue())
                // The wrong secret of above, and nothing else.
                .filter(entry -> !entry.getMessage().contains("401"))
                .map(Object::toString)
                .toList();
    }

    private WebElement element(String selector) {
        return browser.findElement(By.cssSelector(selector));
    }

    private WebElement visible(String selector) {
        WebElement element = element(selector);
        return element.isDisplayed() ? element : null;
    }

    private String text(String selector) {
        return element(selector).getText();
    }

    private void awaitElement(String selector) {
        await(selector, driver -> driver.findElement(By.cssSelector(selector)));
    }

    private <T> T await(String what, Function<WebDriver, T> condition) {
        return new WebDriverWait(browser, LIMIT)
                .withMessage(what)
                .ignoring(org.openqa.selenium.NotFoundException.class)
                .ignoring(org.openqa.selenium.StaleElementReferenceException.class)
                .until(condition);
    }
}
